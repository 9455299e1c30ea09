"""`tiaochu export`."""

import json as jsons
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer

from access.scope import ALL_CASES
from api.http.services import Services
from cli.bootstrap import utc_now, with_services
from cli.commands.options import Json, Unit
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from domain.vocabulary import day_of, limits
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from store.spreadsheets.ledger import FileFormat, write_ledger

export = typer.Typer(no_args_is_help=True)
_YEAR: Final = typer.Option(
    min=limits.FIRST_YEAR,
    max=limits.LAST_YEAR,
    help=translate("The year of acceptance; this one when left out."),
)


@export.command("ledger", help=translate("Write the ledger of a unit and a year; it can be imported again."))
def ledger(
    unit: Unit = None,
    year: Annotated[int | None, _YEAR] = None,
    form: Annotated[FileFormat, typer.Option("--format", help=translate("In which form."))] = "csv",
    out: Annotated[
        Path | None, typer.Option(help=translate("Where to; to the standard output when left out."))
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Write the ledger to a file.

    Exit 1: there is no such unit, or the read models have not caught up yet.
    """
    settings = Settings()
    file_format: FileFormat = "json" if json and out is None else form
    chosen_year = year or day_of(utc_now()).year

    async def write(services: Services) -> int:
        await services.known_units.must_include(unit)
        await catch_up_once(opened.url, projections())
        if not await services.ledger.reaches(await services.ledger.end()):
            print(translate("The read models have not caught up yet; try again."), file=sys.stderr)
            raise typer.Exit(1)
        with out.open("wb") if out else nullcontext(sys.stdout.buffer) as file:
            rows = services.ledger.rows(ALL_CASES, unit, chosen_year)
            cut = await write_ledger(rows, file, file_format, LANGUAGE)
        _warn_of_cuts(cut)
        return out.stat().st_size if out else 0

    with database(settings) as opened:
        opened.must_be_ready()
        size = with_services(settings, opened.url, write)
    if out:
        shown = {"file": str(out), "bytes": size, "unit": unit, "year": chosen_year}
        print(
            jsons.dumps(shown) if json else translate("wrote {file}, {size} bytes", file=str(out), size=size)
        )


def _warn_of_cuts(cut: int) -> None:
    if cut:
        print(
            translate("{count} cells hold more than a workbook can; they are cut and say so", count=cut),
            file=sys.stderr,
        )
