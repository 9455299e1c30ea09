"""A process beside the import that decides chunks of a ledger: `python -m cli.lane`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from application.importing.deciding import Chunk, Decide, Decided, decide_chunk
from cli.garbage import unhurried
from cli.pipes import receive, send

_HOUSE: Final = Path(__file__).parents[1]


class LaneEndedError(RuntimeError):
    """The child is gone."""


@contextmanager
def lane() -> Iterator[Decide]:
    """Run the child until the block ends; yields what hands it a chunk and waits for the answer."""
    command = [sys.executable, "-m", "cli.lane"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_HOUSE) as child:

        def decide(chunk: Chunk) -> Decided:
            if child.stdin is None or child.stdout is None:
                raise LaneEndedError
            send(child.stdin, chunk)
            answer = receive(child.stdout)
            if not isinstance(answer, Decided):
                raise LaneEndedError
            return answer

        try:
            yield decide
        finally:
            child.kill()


def main() -> None:
    """Decide chunks until there are no more."""
    unhurried()
    while isinstance(chunk := receive(sys.stdin.buffer), Chunk):
        send(sys.stdout.buffer, decide_chunk(chunk))


if __name__ == "__main__":
    main()
