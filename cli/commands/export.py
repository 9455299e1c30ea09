"""`export ledger`."""

import json as jsons
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from access.scope import Scope
from api.http.services import Services
from cli.bootstrap import utc_now, with_services
from cli.database import database
from cli.language import LANGUAGE, say, told
from cli.settings import Settings
from domain.vocabulary import UnitId, day_of
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from store.spreadsheets.ledger import FileFormat, write_ledger

export = typer.Typer(no_args_is_help=True)


def _unit(text: str) -> str:
    try:
        return TypeAdapter[str](UnitId).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(told("the name or the unit is not written as it should be")) from error


@export.command("ledger", help=told("Write the ledger of a unit and a year; it can be imported again."))
def ledger(
    unit: Annotated[
        str | None,
        typer.Option(parser=_unit, help=told("A unit with all below it; all units when left out.")),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1900, max=9000, help=told("The year of acceptance; this one when left out.")),
    ] = None,
    form: Annotated[FileFormat, typer.Option("--format", help=told("In which form."))] = "csv",
    out: Annotated[
        Path | None, typer.Option(help=told("Where to; to the standard output when left out."))
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help=told("Write JSON."))] = False,
) -> None:
    """Write the ledger to a file."""
    settings = Settings()
    chosen: FileFormat = "json" if json and out is None else form
    told_year = year or day_of(utc_now()).year

    async def written(services: Services) -> int:
        await catch_up_once(found.url, projections())
        if not await services.ledger.reaches(await services.ledger.end()):
            print(told("The read models have not caught up yet; try again."), file=sys.stderr)
            raise typer.Exit(1)
        with out.open("wb") if out else nullcontext(sys.stdout.buffer) as file:
            await write_ledger(
                services.ledger.rows(Scope.everything(), unit, told_year), file, chosen, LANGUAGE
            )
        return out.stat().st_size if out else 0

    with database(settings) as found:
        found.must_be_ready()
        size = with_services(settings, found.url, written)
    if out:
        shown = {"file": str(out), "bytes": size, "unit": unit, "year": told_year}
        print(jsons.dumps(shown) if json else say("wrote {file}, {size} bytes", file=str(out), size=size))
