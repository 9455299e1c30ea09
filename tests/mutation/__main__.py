"""Changes the comparisons of the domain, one at a time, and counts how many changes the tests notice.

The mutants are cosmic-ray's. Each worker has a copy of the tree, so the working tree is never changed. The tests run
without their conftest, because none of those that can notice needs a database; a mutated file has no compiled
cache to be mistaken for it.
"""

import argparse
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final

from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

from tests.mutation.operators import Mutant, mutants_of

ROOT: Final = Path(__file__).parents[2]
DOMAIN: Final = Path("domain")
TESTS: Final = [
    "tests/domain",
    "tests/application/test_ladder_validation.py",
    "tests/stateful/test_any_order.py",
]
"""The quick ones first: the first failure ends a run."""
LEAST: Final = 90
"""The percentage that has to be killed."""


@dataclass(frozen=True)
class Bench:
    """Copies of the tree, each used by one run at a time, and how to run the tests there."""

    copies: SimpleQueue[Path]
    pytest: list[str]
    timeout: float

    def try_out(self, mutant: Mutant) -> WorkResult:
        """Run the tests on the mutant."""
        copy = self.copies.get()
        try:
            change = MutationSpec(
                module_path=copy / mutant.path,
                operator_name=mutant.operator,
                occurrence=mutant.occurrence,
                start_pos=mutant.position,
                end_pos=(mutant.position[0] + 1, 0),
            )
            there = f"cd {shlex.quote(str(copy))} && exec {shlex.join(self.pytest)}"
            result = mutate_and_test([change], shlex.join(["sh", "-c", there]), self.timeout)
        finally:
            self.copies.put(copy)
        if result.worker_outcome is not WorkerOutcome.NORMAL:
            raise RuntimeError(f"{mutant} could not be tried: {result.output}")
        return result


def set_up(home: Path, pytest: list[str], workers: int) -> Bench:
    """Copy the tree, see that the tests pass there, and copy it again for the other workers."""
    first = home / "0"
    shutil.copytree(ROOT, first, ignore=shutil.ignore_patterns(".*", "__pycache__", "var", "build", "dist"))
    started = time.monotonic()
    done = subprocess.run(pytest, cwd=first, capture_output=True, text=True, check=False)
    took = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nThe tests have to pass before anything is changed.")
    print(f"The tests pass in {took:.1f} s on the unchanged tree.", flush=True)
    for cache in (first / DOMAIN).rglob("__pycache__"):
        shutil.rmtree(cache)
    copies: SimpleQueue[Path] = SimpleQueue()
    copies.put(first)
    for number in range(1, workers):
        copies.put(shutil.copytree(first, home / str(number)))
    return Bench(copies, pytest, timeout=30 + 5 * took)


def survivors(bench: Bench, mutants: list[Mutant], workers: int) -> Iterator[Mutant]:
    """Try all mutants, say how each fared, and yield those that nobody noticed."""
    pool = ThreadPoolExecutor(workers)
    try:
        running = {pool.submit(bench.try_out, mutant): mutant for mutant in mutants}
        for number, done in enumerate(as_completed(running), start=1):
            result = done.result()
            fate = "too slow" if result.output == "timeout" else result.test_outcome.value
            print(f"[{number:{len(str(len(mutants)))}}/{len(mutants)}] {fate:8}  {running[done]}", flush=True)
            if result.test_outcome is TestOutcome.SURVIVED:
                yield running[done]
    finally:
        pool.shutdown(cancel_futures=True)


def report(mutants: list[Mutant], survived: list[Mutant]) -> bool:
    """Print the figures and the survivors; say whether enough were killed."""
    killed = len(mutants) - len(survived)
    for item in sorted(survived, key=lambda item: (item.path, item.position)):
        line = (ROOT / item.path).read_text("utf-8").splitlines()[item.position[0] - 1]
        print(f"survived  {item}    in: {line.strip()}")
    share = 100 * killed / len(mutants)
    print(
        f"{len(mutants)} mutants, {killed} killed, {len(survived)} survived: {share:.1f} % (at least {LEAST} %)"
    )
    return share >= LEAST


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("only", nargs="*", type=Path, default=[DOMAIN], help="files or folders of the domain")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="what runs on each mutant, in this order")
    parser.add_argument("--workers", type=int, default=2, help="how many run at once")
    return parser.parse_args()


def files(only: list[Path]) -> Iterator[Path]:
    """The modules under these paths, relative to the project."""
    for item in only:
        path = (ROOT / item).resolve()
        if not path.is_relative_to(ROOT / DOMAIN) or not path.exists():
            raise SystemExit(f"{item} is no part of {DOMAIN}/")
        found = [path] if path.is_file() else sorted(path.rglob("*.py"))
        yield from (file.relative_to(ROOT) for file in found)


def main() -> int:
    """Make the mutants, try them, report."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = arguments()
    mutants = [mutant for file in dict.fromkeys(files(asked.only)) for mutant in mutants_of(file)]
    if not mutants:
        raise SystemExit("There is no comparison to change.")
    options = ["-m", "pytest", "-x", "-q", "--no-header", "--noconftest", "-p", "tests.mutation.hasty"]
    with TemporaryDirectory(prefix="tiaochu-mutation-") as home:
        bench = set_up(Path(home), [sys.executable, *options, *asked.tests], asked.workers)
        survived = list(survivors(bench, mutants, asked.workers))
    return 0 if report(mutants, survived) else 1


if __name__ == "__main__":
    sys.exit(main())
