"""`python -m tests.faults`: inject faults under load, one after the other, and check the ledger after each."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.faults.ground import own_ground
from tests.faults.kill_server import home_in
from tests.faults.matrix import FAULTS, play_all
from tests.faults.stage import Means
from tests.support.forked import ForkedProcesses

_ABOUT: Final = """
Each fault is injected into the product's own processes while clients file disputes, accept them and record sessions,
on a PostgreSQL of its own in a temporary folder. Then the clients' journal is held against the database, and what
the followers of the log were told against the log.

Exit 0: all rows are good; 1: one is not; 2: misused.
"""


class Wanted(NamedTuple):
    """What the arguments ask for."""

    names: Sequence[str]
    seed: int
    scale: float
    minutes: float
    folder: Path | None


def wanted(arguments: Sequence[str]) -> Wanted:
    """Read the arguments; leaves with 2 where they make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", type=_names, default=list(FAULTS), help=f"of {','.join(FAULTS)}")
    parser.add_argument("--seed", type=int, default=1, help="decides times and commands (1)")
    parser.add_argument("--rounds", type=_positive, default=1.0, help="how many times the full scale (1)")
    parser.add_argument(
        "--minutes", type=_positive, default=40.0, help="begin nothing new after so many (40)"
    )
    parser.add_argument("--folder", type=Path, help="a folder to make for data and journals, and to keep")
    given = parser.parse_args(arguments)
    if given.folder is not None and given.folder.exists():
        parser.error(f"{given.folder} is there already")
    return Wanted(given.only, given.seed, given.rounds, given.minutes, given.folder)


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in FAULTS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(FAULTS)}")
    return names


def _positive(text: str) -> float:
    if (number := float(text)) <= 0:
        raise ValueError(text)
    return number


def main(arguments: Sequence[str]) -> int:
    """Run as the arguments say; progress on standard error, the table as JSON on standard output."""
    given = wanted(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (
        home_in(given.folder) as folder,
        own_ground(folder / "ground") as ground,
        ForkedProcesses(folder / "processes.log") as processes,
    ):
        means = Means(ground, processes, folder, given.seed, given.scale, tell=_tell)
        rows = play_all(given.names, means, given.minutes)
    good = all(row["good"] for row in rows)
    print(json.dumps({"good": good, "seed": given.seed, "rows": rows}, indent=1, ensure_ascii=False))
    return 0 if good else 1


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
