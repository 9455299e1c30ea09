"""`tiaochu import` as offices and scripts use it."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.test_main import Run, tiaochu
from tests.support.tables import as_csv, case

__all__ = ["tiaochu"]


def ledger(folder: Path, *rows: dict[str, object], name: str = "ledger.csv") -> str:
    path = folder / name
    path.write_bytes(as_csv(rows))
    return str(path)


def old(**changes: object) -> dict[str, object]:
    """A case that no other test brings in."""
    return case(number=f"旧字{uuid4().hex[:10]}", **changes)


def test_tables_come_in_once(tiaochu: Run, tmp_path: Path) -> None:
    path = ledger(tmp_path, old(), old())
    checked = tiaochu("import", path, "--dry-run")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "nothing was recorded" in checked.stdout
    first = json.loads(tiaochu("import", path, "--json").stdout)
    assert first["ledger"] == {"new": 2, "same": 0}
    again = tiaochu("import", path)
    assert again.returncode == 0
    assert "Everything is in." in again.stdout


def test_what_is_wrong_is_listed(tiaochu: Run, tmp_path: Path) -> None:
    path = ledger(tmp_path, old(unit="moon"), old(status="lost"))
    done = tiaochu("import", path, COLUMNS="160")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no unit moon" in done.stderr
    assert "must be one of: accepted, escalated" in done.stderr
    assert done.stderr.rstrip().endswith("2 errors; nothing was recorded")
    chinese = tiaochu("import", path, "--json", LC_ALL="zh_CN.UTF-8")
    told = json.loads(chinese.stdout)
    assert (chinese.returncode, told["detail"]) == (1, "共有 2 处错误，未录入任何内容")
    assert told["errors"][0] == {
        "file": "ledger.csv",
        "sheet": "",
        "line": 2,
        "column": "unit",
        "detail": "没有单元 moon",
        "text": "没有单元 moon",
    }


@pytest.mark.soak
def test_a_large_ledger_is_decided_by_two_processes(tiaochu: Run, tmp_path: Path) -> None:
    rows = [old(facts="楼道里堆放旧家具" * 10) for _ in range(2500)]
    wrong = ledger(tmp_path, *rows[:-1], {**rows[-1], "unit": "moon"}, name="wrong.csv")
    told = json.loads(tiaochu("import", wrong, "--json").stdout)
    assert [(item["line"], item["column"]) for item in told["errors"]] == [(2501, "unit")]
    done = tiaochu("import", ledger(tmp_path, *rows), "--json")
    assert json.loads(done.stdout)["ledger"] == {"new": 2500, "same": 0}


@pytest.mark.parametrize("kind", ["mediators", "ledger"])
def test_a_template_comes_in_as_it_is(tiaochu: Run, tmp_path: Path, kind: str) -> None:
    path = str(tmp_path / f"{kind}.xlsx")
    written = tiaochu("import", "--template", kind, "--out", path, LC_ALL="zh_CN.UTF-8")
    assert (written.returncode, written.stdout) == (0, "")
    assert tiaochu("import", path).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("no-such-file.csv",),
        ("--template", "ladders", "--format", "csv", "--out", "x"),
    ],
    ids=" ".join,
)
def test_misuse_ends_with_two(tiaochu: Run, arguments: tuple[str, ...]) -> None:
    done = tiaochu("import", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
