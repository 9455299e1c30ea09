"""`python -m bench.importing [ROWS]`: how fast a ledger comes in from CSV and XLSX, and how much memory that takes.

Each import is `tiaochu import` itself in a process of its own, on an embedded PostgreSQL of its own. The memory is the
largest sum of what the process and its children, without the database, were seen to hold.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from application.ledger import LedgerRow
from application.tables.kinds import TableKind
from application.tables.writing import cells_of
from bench.processes import family, resident_kib
from domain.vocabulary import Category, Difficulty, Outcome, Source, Status
from store.embedded import EmbeddedServer
from store.spreadsheets.csv_writing import csv_pieces
from store.spreadsheets.xlsx_writing import write_xlsx

ROWS = 200_000
STREET = Path(__file__).parents[1] / "cli/demo/street.yaml"
TIAOCHU = [sys.executable, "-c", "from cli.main import main; main()"]


def measure(rows: int = ROWS) -> list[dict[str, object]]:
    """Return the figures of an import from CSV and one from XLSX."""
    with tempfile.TemporaryDirectory(prefix="tiaochu-bench-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        written = {"csv": home / "ledger.csv", "xlsx": home / "ledger.xlsx"}
        cells = [(cells_of(row, "zh") for row in ledger(rows)) for _ in written]
        with written["csv"].open("wb") as file:
            file.writelines(csv_pieces(TableKind.LEDGER, cells[0], "zh"))
        with written["xlsx"].open("wb") as file:
            write_xlsx(file, TableKind.LEDGER, cells[1], "zh")
        return [_import(home, kind, path, rows) for kind, path in written.items()]


def ledger(rows: int) -> Iterator[LedgerRow]:
    """Yield cases of ten years as a street has them."""
    first = date(2015, 1, 5)
    for number in range(rows):
        day = first + timedelta(days=number % 3600)
        yield LedgerRow(
            number=f"（{day.year}）东光民调字第{number + 1}号",
            unit=("dongguang.c01.y01", "dongguang.c01.y02", "dongguang.c02.y01")[number % 3],
            tier="street",
            category=Category.NEIGHBOUR,
            difficulty=Difficulty.GENERAL,
            source=Source.APPLICATION,
            title=f"楼道堆物{number}",
            facts=f"申请人称被申请人长期在楼道里堆放旧家具和废品，妨碍通行，多次交涉未果（{number}）",
            requests="清理楼道，恢复通行",
            amount_fen=number * 100,
            applicants=(f"申请人{number}", "某物业公司（单位）"),
            respondents=(f"被申请人{number}",),
            people_involved=3,
            filed_on=day,
            accepted_on=day,
            mediators=("老张", "小李"),
            sessions=2,
            status=Status.CLOSED,
            agreement_form="written",
            agreed_on=day + timedelta(days=10),
            obligations="被申请人于约定日期前清理全部堆放物，今后不再占用公共部位",
            agreed_fen=50_000,
            due_on=day + timedelta(days=20),
            outcome=Outcome.PERFORMED,
            closed_on=day + timedelta(days=21),
        )


def _import(home: Path, kind: str, path: Path, rows: int) -> dict[str, object]:
    var = home / f"var-{kind}"
    var.mkdir()
    var.chmod(0o755)
    environment = {**os.environ, "TIAOCHU_VAR": str(var), "LC_ALL": "C.UTF-8"}
    environment.pop("TIAOCHU_DATABASE_URL", None)
    with EmbeddedServer(var):
        subprocess.run([*TIAOCHU, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [*TIAOCHU, "import", "--json", str(STREET)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        started = time.perf_counter()
        process = subprocess.Popen(
            [*TIAOCHU, "import", "--json", str(path)], env=environment, stdout=subprocess.PIPE
        )
        largest = 0
        while process.poll() is None:
            largest = max(largest, sum(map(resident_kib, family(process.pid))))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        said = json.loads(process.stdout.read() if process.stdout else b"{}")
    return {
        "name": f"import a ledger from {kind.upper()}",
        "rows": rows,
        "new": said["ledger"]["new"],
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "largest_memory_mb": round(largest / 1024),
        "file_mb": round(path.stat().st_size / 1e6),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS), indent=1, ensure_ascii=False))
