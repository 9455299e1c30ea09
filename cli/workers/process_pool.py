"""A child process that is handed one value after another and answers each: it ends with whoever started it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.workers.pipes import receive, send

_HOUSE: Final = Path(__file__).parents[2]
Ask = Callable[[object], object]
"""Hands the child a value and waits for its answer."""


class ChildEndedError(RuntimeError):
    """The child is gone."""


@contextmanager
def worker_process(module: str, *first: object) -> Iterator[Ask]:
    """Run `python -m MODULE` until the block ends, after handing it some values that it does not answer."""
    command = [sys.executable, "-m", module, str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_HOUSE) as process:

        def ask(what: object) -> object:
            if process.stdin is None or process.stdout is None:
                raise ChildEndedError
            try:
                send(process.stdin, what)
            except BrokenPipeError:
                raise ChildEndedError from None
            answer = receive(process.stdout)
            if answer is None:
                raise ChildEndedError
            return answer

        try:
            if process.stdin is not None:
                for item in first:
                    send(process.stdin, item)
            yield ask
        finally:
            process.kill()
