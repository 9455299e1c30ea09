"""Shows how far a filling has come: one moving line on a terminal, a plain line now and then anywhere else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cli.language import translate

_SECONDS_BETWEEN: Final = 5.0


class Watcher(Protocol):
    """Whoever wants to see how far it has come."""

    def begin(self, cases: int) -> None:
        """So many cases have steps to be played."""
        ...

    def advance(self) -> None:
        """One more case is done."""
        ...


class Unwatched:
    """Nobody watches."""

    def begin(self, cases: int) -> None:
        """Say nothing."""

    def advance(self) -> None:
        """Say nothing."""


class PlainLines:
    """Writes a line every few seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._cases = self._done = 0
        self._said = time.monotonic()

    def begin(self, cases: int) -> None:
        """Remember how many there are."""
        self._cases = cases

    def advance(self) -> None:
        """Count, and say so where it is time."""
        self._done += 1
        if time.monotonic() - self._said >= _SECONDS_BETWEEN:
            self._said = time.monotonic()
            line = translate("{done} of {cases} generated cases are in", done=self._done, cases=self._cases)
            print(line, file=self._stream, flush=True)


class MovingLine:
    """Moves one line along a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, cases: int) -> None:
        """Show the line, where there is anything to do."""
        if cases:
            self._task = self._progress.add_task(translate("Generated cases"), total=cases)

    def advance(self) -> None:
        """Move it."""
        if self._task is not None:
            self._progress.advance(self._task)


@contextmanager
def watching(stream: TextIO = sys.stderr) -> Iterator[Watcher]:
    """Show progress on a stream for as long as the block lasts."""
    if not stream.isatty():
        yield PlainLines(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield MovingLine(progress)
