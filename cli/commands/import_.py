"""`tiaochu import`."""

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
from application.i18n import render, word
from application.importing import importer
from application.importing.chunk import Chunk, ChunkResult, Decide, decide_chunk
from application.importing.errors import ImportRefused
from application.importing.importer import ImportStage
from application.importing.plan import CHANGED, NEW, SAME, ImportPlan
from application.importing.result import import_result
from application.tables.kinds import TableKind
from cli.bootstrap import with_services
from cli.commands.options import Json
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.process_pool import process_pool
from domain.events.envelope import Actor
from domain.vocabulary import Role
from store.spreadsheets.opening import all_opened
from store.spreadsheets.templates import template

OPERATOR: Final = Actor(sub="operator", role=Role.ADMIN)
"""Who imports from the command line: anyone who may run it."""
_LARGE_BYTES: Final = 500_000
"""From this size on, further processes are worth their start."""
_MOST_PROCESSES: Final = 2
"""Further processes; each takes some 60 MB."""
Files = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, dir_okay=False, readable=True, help=translate("CSV, XLSX and YAML files.")),
]


def import_tables(
    files: Files = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=translate("Check everything, record nothing."))
    ] = False,
    of_kind: Annotated[
        TableKind | None,
        typer.Option("--template", help=translate("Write a table of this kind to be filled in.")),
    ] = None,
    file_format: Annotated[
        Literal["csv", "xlsx", "yaml"], typer.Option("--format", help=translate("As which kind of file."))
    ] = "xlsx",
    out: Annotated[Path | None, typer.Option(help=translate("Where to write it."))] = None,
    json: Json = False,
) -> None:
    """Check tables whole, then record them; the same import again goes on where it stopped.

    Exit 1: a table has errors; nothing is recorded.
    """
    if of_kind is not None:
        _write_template(of_kind, file_format, files, out)
        return
    if not files or out is not None:
        raise typer.BadParameter(translate("name files to import, or --template and --out"))
    try:
        plan, position = _import(files, dry_run=dry_run, quiet=json)
    except ImportRefused as error:
        _show_errors(error, json=json)
        raise typer.Exit(1) from None
    print(import_result(plan, position).model_dump_json(exclude_none=True)) if json else _show(
        plan, dry_run=dry_run
    )


def _write_template(
    of_kind: TableKind, file_format: str, files: Sequence[Path] | None, out: Path | None
) -> None:
    content = template(of_kind, file_format, LANGUAGE)
    if files or out is None or content is None:
        raise typer.BadParameter(translate("name --out, and no files to import; ladders come as YAML"))
    out.write_bytes(content)


def _import(files: Sequence[Path], *, dry_run: bool, quiet: bool) -> tuple[ImportPlan, int | None]:
    settings = Settings()
    collect_garbage_rarely()
    with ExitStack() as stack:
        opened = stack.enter_context(database(settings))
        opened.must_be_ready()
        opened_files = [(stack.enter_context(file.open("rb")), file.name) for file in files]
        tables, unreadable = stack.enter_context(all_opened(opened_files))
        progress = stack.enter_context(_progress(quiet=quiet))

        async def work(services: Services) -> tuple[ImportPlan, int | None]:
            return await services.importer.bring_in(
                tables, OPERATOR, uuid4(), unreadable=unreadable, dry_run=dry_run, progress=progress
            )

        workers = stack.enter_context(_workers(_processes(files)))
        return with_services(settings, opened.url, work, import_workers=workers)


@contextmanager
def _workers(count: int) -> Iterator[Sequence[Decide]]:
    """Yield what decides chunks of a ledger: as many processes, or this one where the count is 0."""
    if not count:
        yield [decide_chunk]
        return
    with process_pool(count) as pool:

        def decide(chunk: Chunk) -> ChunkResult:
            return pool.submit(decide_chunk, chunk).result()

        yield [decide] * count


def _processes(files: Sequence[Path]) -> int:
    """How many other processes decide: one a core, less one where this one is busy reading a workbook."""
    if sum(file.stat().st_size for file in files) < _LARGE_BYTES:
        return 0
    reading = any(file.suffix.lower() == ".xlsx" for file in files)
    return max(1, min(_MOST_PROCESSES, os.cpu_count() or 1) - reading)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[importer.Progress]:
    """Yield a callback that shows progress bars on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as shown:
        tasks = {
            ImportStage.CHECKING: shown.add_task(translate("checking"), total=None),
            ImportStage.RECORDING: shown.add_task(translate("recording"), total=None, visible=False),
        }

        def show(stage: ImportStage, done: int, total: int | None) -> None:
            shown.update(tasks[stage], completed=done, total=total, visible=True)

        yield show


def _show(plan: ImportPlan, *, dry_run: bool) -> None:
    table = Table(translate("table"), translate("new"), translate("changed"), translate("same"))
    for kind, counts in plan.counts.items():
        name = word(f"table_{kind}", LANGUAGE) if LANGUAGE == "zh" else kind
        table.add_row(name, *(str(counts[item]) for item in (NEW, CHANGED, SAME)))
    Console().print(table)
    print(translate("Nothing is wrong; nothing was recorded.") if dry_run else translate("Everything is in."))
    for notice in plan.notices:
        place = " ".join(filter(None, (notice.file, notice.sheet, str(notice.line or ""), notice.column)))
        print(f"{place}: {render(notice.detail, LANGUAGE)}", file=sys.stderr)
    if plan.ladders and not dry_run:
        names = ", ".join(ladder.id for ladder in plan.ladders)
        print(translate("Proposed, until a second person puts them in force: {names}", names=names))


def _show_errors(error: ImportRefused, *, json: bool) -> None:
    sentence = render(error.detail, LANGUAGE)
    if json:
        print(jsons.dumps({"detail": sentence, "errors": error.fault_items(LANGUAGE)}, ensure_ascii=False))
        return
    table = Table(
        translate("file"),
        translate("sheet"),
        translate("line"),
        translate("column"),
        translate("what is wrong"),
    )
    for fault in error.faults:
        line = str(fault.line) if fault.line else ""
        table.add_row(fault.file, fault.sheet, line, fault.column, render(fault.detail, LANGUAGE))
    Console(stderr=True).print(table)
    print(sentence, file=sys.stderr)
