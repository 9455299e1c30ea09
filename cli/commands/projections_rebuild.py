"""`tiaochu projections rebuild`."""

import json as jsons
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Annotated, Final

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from application.i18n import render
from cli.bootstrap import run_async
from cli.commands.options import Json
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.rebuild_workers import rebuild_workers
from projections.rebuilding.differences import Comparison
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.progress import ProgressReport, RebuildStage
from projections.rebuilding.rebuild import Rebuilt, rebuild
from projections.registry import NAMES

_LINE_SECONDS: Final = 5.0
"""Between two lines of progress where there is no terminal."""


def rebuild_model(
    name: Annotated[str, typer.Argument(help=translate("Which read model."))],
    *,
    differs: Annotated[
        bool,
        typer.Option(
            "--differs", help=translate("The new version is meant to differ from the one that serves.")
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Rebuild a read model while the present one serves.

    Exit 1: the rebuild is refused: it differs, runs already, or lost a process.
    """
    if name not in NAMES:
        raise typer.BadParameter(translate("there is no read model {name}", name=name))
    started = time.monotonic()
    try:
        rebuilt = _rebuilt(name, differs=differs)
    except RebuildRefused as error:
        _show_refusal(error, json=json)
        raise typer.Exit(1) from None
    seconds = time.monotonic() - started
    print(jsons.dumps(_as_json(rebuilt, seconds))) if json else _show(rebuilt, seconds)


def _rebuilt(name: str, *, differs: bool) -> Rebuilt:
    collect_garbage_rarely()
    with database(Settings()) as opened, _progress() as show_progress:
        opened.must_be_ready()
        try:
            return run_async(
                rebuild(
                    opened.owner_url, name, differs=differs, workers=rebuild_workers, report=show_progress
                )
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise RebuildRefused.insufficient_privilege() from error
        except BrokenProcessPool as error:
            raise RebuildRefused.worker_lost(name) from error


@contextmanager
def _progress() -> Iterator[ProgressReport]:
    """Yield a callback that shows progress on standard error: a bar on a terminal, lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as shown:
        tasks: dict[RebuildStage, TaskID] = {}

        def show_progress(stage: RebuildStage, done: int, total: int | None) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    shown.update(earlier, total=1, completed=1)
                tasks[stage] = shown.add_task(_title(stage), total=None)
            shown.update(tasks[stage], completed=done, total=total)

        yield show_progress


class _Lines:
    """Prints a line when a stage begins, and from time to time how far it is."""

    def __init__(self) -> None:
        self._stage: RebuildStage | None = None
        self._began = self._printed = 0.0

    def __call__(self, stage: RebuildStage, done: int, total: int | None) -> None:
        """Print a line where one is due."""
        now = time.monotonic()
        if stage is not self._stage:
            self._stage, self._began, self._printed = stage, now, now
            print(_title(stage), file=sys.stderr)
        elif done and total and now - self._printed >= _LINE_SECONDS:
            self._printed = now
            left = round((now - self._began) * (total - done) / done)
            share = 100 * done // total
            line = translate("{share} %, about {seconds} s left", share=share, seconds=left)
            print(f"{_title(stage)}: {line}", file=sys.stderr)


def _title(stage: RebuildStage) -> str:
    match stage:
        case RebuildStage.FILLING:
            return translate("filling the new version")
        case RebuildStage.INDEXING:
            return translate("making its indexes")
        case RebuildStage.FOLLOWING:
            return translate("taking what came meanwhile")
        case RebuildStage.COMPARING:
            return translate("comparing it with the one that serves")
        case RebuildStage.SWITCHING:
            return translate("putting it in its place")


def _as_json(rebuilt: Rebuilt, seconds: float) -> dict[str, object]:
    return {
        "name": rebuilt.name,
        "position": rebuilt.position,
        "events": rebuilt.filled.events,
        "rows": rebuilt.filled.rows,
        "seconds": round(seconds, 1),
        **_differences(rebuilt.compared),
    }


def _differences(found: Comparison | None) -> dict[str, object]:
    if found is None:
        return {"compared": False}
    named = [{"table": item.table, "key": item.key, "columns": item.columns} for item in found.named]
    return {"compared": True, "differences": found.differences, "named": named}


def _show(rebuilt: Rebuilt, seconds: float) -> None:
    filled, found = rebuilt.filled, rebuilt.compared
    print(
        translate(
            "{name} is rebuilt from {events} events and serves {rows} rows, up to position {position}, after {seconds} s.",
            name=rebuilt.name,
            events=filled.events,
            rows=found.rows if found else filled.rows,
            position=rebuilt.position,
            seconds=round(seconds),
        )
    )
    if found is None:
        print(translate("The old version was behind the new one, so there was nothing to compare."))
    elif found.differences:
        print(translate("{count} rows differ from those that served before.", count=found.differences))
        _print_differences(found)
    else:
        print(translate("Every row is as it was."))


def _show_refusal(error: RebuildRefused, *, json: bool) -> None:
    sentence = render(error.detail, LANGUAGE)
    if json:
        found = _differences(error.found) if error.found else {}
        print(jsons.dumps({"detail": sentence, **found}, ensure_ascii=False))
        return
    if error.found:
        _print_differences(error.found)
    print(sentence, file=sys.stderr)


def _print_differences(found: Comparison) -> None:
    for item in found.named:
        what = ", ".join(item.columns) or translate("only in one version")
        print(f"!! {item.table} {' '.join(item.key)}: {what}")
