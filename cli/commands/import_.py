"""`import`."""

import json as jsons
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.http.services import Services
from api.imports.schemas import import_reply
from application.i18n import render, word
from application.importing import importer
from application.importing.chunk import decide_chunk
from application.importing.errors import ImportRefused
from application.importing.importer import ImportStage
from application.importing.plan import CHANGED, NEW, SAME, ImportPlan
from application.tables.kinds import TableKind
from cli.bootstrap import with_services
from cli.database import database
from cli.language import LANGUAGE, say, told
from cli.settings import Settings
from cli.workers.garbage_collection import unhurried
from cli.workers.import_worker import lane
from domain.events.envelope import Actor
from domain.vocabulary import Role
from store.spreadsheets.opening import all_opened
from store.spreadsheets.templates import template

OPERATOR: Final = Actor(sub="operator", role=Role.ADMIN)
"""Who imports from the command line: whoever may run it."""
_LARGE: Final = 500_000
"""Bytes from which on other processes pay."""
_MOST: Final = 2
"""Processes beside this one; each takes some 60 MB."""
Json = Annotated[bool, typer.Option("--json", help=told("Write JSON."))]
Files = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, dir_okay=False, readable=True, help=told("CSV, XLSX and YAML files.")),
]


def import_tables(
    files: Files = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=told("Check everything, record nothing."))
    ] = False,
    of_kind: Annotated[
        TableKind | None, typer.Option("--template", help=told("Write a table of this kind to be filled in."))
    ] = None,
    file_format: Annotated[
        Literal["csv", "xlsx", "yaml"], typer.Option("--format", help=told("As which kind of file."))
    ] = "xlsx",
    out: Annotated[Path | None, typer.Option(help=told("Where to write it."))] = None,
    json: Json = False,
) -> None:
    """Check tables whole, then record them; a cut import goes on where it was."""
    if of_kind is not None:
        _write_template(of_kind, file_format, files, out)
        return
    if not files or out is not None:
        raise typer.BadParameter(told("name files to import, or --template and --out"))
    try:
        plan, position = _bring_in(files, dry_run=dry_run, quiet=json)
    except ImportRefused as error:
        _show_faults(error, json=json)
        raise typer.Exit(1) from None
    print(import_reply(plan, position).model_dump_json(exclude_none=True)) if json else _show(
        plan, dry_run=dry_run
    )


def _write_template(
    of_kind: TableKind, file_format: str, files: Sequence[Path] | None, out: Path | None
) -> None:
    content = template(of_kind, file_format, LANGUAGE)
    if files or out is None or content is None:
        raise typer.BadParameter(told("name --out, and no files to import; ladders come as YAML"))
    out.write_bytes(content)


def _bring_in(files: Sequence[Path], *, dry_run: bool, quiet: bool) -> tuple[ImportPlan, int | None]:
    settings = Settings()
    unhurried()
    with ExitStack() as stack:
        found = stack.enter_context(database(settings))
        found.must_be_ready()
        handles = [(stack.enter_context(file.open("rb")), file.name) for file in files]
        tables, unreadable = stack.enter_context(all_opened(handles))
        progress = stack.enter_context(_progress(quiet=quiet))

        async def work(services: Services) -> tuple[ImportPlan, int | None]:
            return await services.importer.bring_in(
                tables, OPERATOR, uuid4(), unreadable=unreadable, dry_run=dry_run, progress=progress
            )

        lanes = [stack.enter_context(lane()) for _ in range(_lanes(files))] or [decide_chunk]
        return with_services(settings, found.url, work, lanes=lanes)


def _lanes(files: Sequence[Path]) -> int:
    """How many other processes decide: as many as there are cores; one is busy reading where there is a workbook."""
    if sum(file.stat().st_size for file in files) < _LARGE:
        return 0
    reading = any(file.suffix.lower() == ".xlsx" for file in files)
    return max(1, min(_MOST, os.cpu_count() or 1) - reading)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[importer.Progress]:
    """Yield what shows progress: bars on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as shown:
        tasks = {
            ImportStage.CHECKING: shown.add_task(told("checking"), total=None),
            ImportStage.RECORDING: shown.add_task(told("recording"), total=None, visible=False),
        }

        def tell(stage: ImportStage, done: int, total: int | None) -> None:
            shown.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell


def _show(plan: ImportPlan, *, dry_run: bool) -> None:
    table = Table(told("table"), told("new"), told("changed"), told("same"))
    for kind, counts in plan.counts.items():
        name = word(f"table_{kind}", LANGUAGE) if LANGUAGE == "zh" else kind
        table.add_row(name, *(str(counts[item]) for item in (NEW, CHANGED, SAME)))
    Console().print(table)
    print(told("Nothing is wrong; nothing was recorded.") if dry_run else told("Everything is in."))
    if plan.ladders and not dry_run:
        names = ", ".join(ladder.id for ladder in plan.ladders)
        print(say("Proposed, until a second person puts them in force: {names}", names=names))


def _show_faults(error: ImportRefused, *, json: bool) -> None:
    sentence = render(error.detail, LANGUAGE)
    if json:
        print(jsons.dumps({"detail": sentence, "errors": error.fault_items(LANGUAGE)}, ensure_ascii=False))
        return
    table = Table(told("file"), told("sheet"), told("line"), told("column"), told("what is wrong"))
    for fault in error.faults:
        line = str(fault.line) if fault.line else ""
        table.add_row(fault.file, fault.sheet, line, fault.column, render(fault.detail, LANGUAGE))
    Console(stderr=True).print(table)
    print(sentence, file=sys.stderr)
