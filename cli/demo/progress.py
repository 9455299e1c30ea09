"""Shows how far the generated cases are: a progress bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cli.language import translate

_SECONDS_BETWEEN: Final = 5.0


class ProgressObserver(Protocol):
    """Receives how far the generated cases are."""

    def begin(self, cases: int) -> None:
        """So many cases have steps to be played."""
        ...

    def advance(self) -> None:
        """One more case is done."""
        ...


class SilentObserver:
    """Shows nothing."""

    def begin(self, cases: int) -> None:
        """Do nothing."""

    def advance(self) -> None:
        """Do nothing."""


class PlainLines:
    """Writes a line every few seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._cases = self._done = 0
        self._printed = time.monotonic()

    def begin(self, cases: int) -> None:
        """Remember the number of cases."""
        self._cases = cases

    def advance(self) -> None:
        """Count; print a line where one is due."""
        self._done += 1
        if time.monotonic() - self._printed >= _SECONDS_BETWEEN:
            self._printed = time.monotonic()
            line = translate("{done} of {cases} generated cases are in", done=self._done, cases=self._cases)
            print(line, file=self._stream, flush=True)


class MovingLine:
    """A progress bar on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, cases: int) -> None:
        """Show the bar where there is anything to do."""
        if cases:
            self._task = self._progress.add_task(translate("Generated cases"), total=cases)

    def advance(self) -> None:
        """Advance the bar."""
        if self._task is not None:
            self._progress.advance(self._task)


@contextmanager
def observe_progress(stream: TextIO = sys.stderr) -> Iterator[ProgressObserver]:
    """Show progress on a stream for as long as the block lasts."""
    if not stream.isatty():
        yield PlainLines(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield MovingLine(progress)
