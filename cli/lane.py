"""A process beside the import that decides chunks of a ledger: `python -m cli.lane`.

Chunks come in and what was decided goes out as pickles, each after its length; whoever started the child is the only
one who can reach its pipes.
"""

import gc
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
_NEW_OBJECTS: Final = 50_000


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
    unhurried()
    while isinstance(chunk := _receive(sys.stdin.buffer), Chunk):
        _send(sys.stdout.buffer, decide_chunk(chunk))


def unhurried() -> None:
    """Search for garbage less often: rows come and go without leaving any, and looking takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


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
