"""A process beside the import that decides every other chunk of a ledger: `python -m cli.second_lane`.

Chunks come in and what was decided goes out as pickles, each after its length; whoever started the child is the only
one who can reach its pipes.
"""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from application.importing.deciding import Chunk, Decide, Decided, decide_chunk

_HOUSE: Final = Path(__file__).parents[1]
_LENGTH: Final = 8


class LaneEndedError(RuntimeError):
    """The child is gone."""


@contextmanager
def second_lane() -> Iterator[Decide]:
    """Run the child until the block ends; yields what hands it a chunk and waits for the answer."""
    command = [sys.executable, "-m", "cli.second_lane"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_HOUSE) as child:

        def decide(chunk: Chunk) -> Decided:
            if child.stdin is None or child.stdout is None:
                raise LaneEndedError
            _send(child.stdin, chunk)
            answer = _receive(child.stdout)
            if not isinstance(answer, Decided):
                raise LaneEndedError
            return answer

        try:
            yield decide
        finally:
            child.kill()


def main() -> None:
    """Decide chunks until there are no more."""
    while isinstance(chunk := _receive(sys.stdin.buffer), Chunk):
        _send(sys.stdout.buffer, decide_chunk(chunk))


def _send(pipe: IO[bytes], what: Chunk | Decided) -> None:
    content = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(content).to_bytes(_LENGTH))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> object:
    length = int.from_bytes(pipe.read(_LENGTH))
    return pickle.loads(pipe.read(length)) if length else None  # noqa: S301 - the other end is our own


if __name__ == "__main__":
    main()
