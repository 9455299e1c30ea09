"""A process beside the import that decides chunks of a ledger: `python -m cli.workers.import_worker`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from application.importing.chunk import Chunk, ChunkResult, Decide, decide_chunk
from cli.workers.garbage_collection import unhurried
from cli.workers.parent_death_signal import end_with_parent
from cli.workers.pipes import receive, send
from cli.workers.process_pool import ChildEndedError, worker_process


@contextmanager
def lane() -> Iterator[Decide]:
    """Run the child until the block ends; yields what hands it a chunk and waits for the answer."""
    with worker_process("cli.workers.import_worker") as ask:

        def decide(chunk: Chunk) -> ChunkResult:
            answer = ask(chunk)
            if not isinstance(answer, ChunkResult):
                raise ChildEndedError
            return answer

        yield decide


def main() -> None:
    """Decide chunks until there are no more."""
    unhurried()
    while isinstance(chunk := receive(sys.stdin.buffer), Chunk):
        send(sys.stdout.buffer, decide_chunk(chunk))


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    main()
