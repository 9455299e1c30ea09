"""`token`, `migrate`."""

import json as jsons
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.bootstrap import put_initial_data, utc_now, with_services
from cli.database import database
from cli.language import translate
from cli.settings import Settings
from domain.events.envelope import Actor
from domain.vocabulary import Role
from identity.keys import local_keys
from identity.tokens import issue

Json = Annotated[bool, typer.Option("--json", help=translate("Write JSON."))]


def token(
    sub: Annotated[str, typer.Option(help=translate("Who it is for: a mediator's id, or another name."))],
    role: Annotated[Role, typer.Option(help=translate("In which role."))],
    unit: Annotated[
        str | None, typer.Option(help=translate("For which unit, such as dongguang.c01."))
    ] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 366, help=translate("For how long."))] = 12,
    *,
    json: Json = False,
) -> None:
    """Print a token."""
    key = local_keys(Settings().keys).tokens
    try:
        issued = issue(key, Actor(sub=sub, role=role, unit=unit), utc_now(), timedelta(hours=hours))
    except ValidationError as error:
        raise typer.BadParameter(translate("the name or the unit is not written as it should be")) from error
    print(jsons.dumps({"token": issued}) if json else issued)


def migrate(*, json: Json = False) -> None:
    """Migrate the database and put in force what is in force from the first day."""
    settings = Settings()
    with database(settings) as found:
        applied = found.migrate()
        years = with_services(settings, found.url, put_initial_data)
    if json:
        print(jsons.dumps({"applied": applied, "calendar_years": [years[0], years[-1]]}))
        return
    for name in applied:
        print(translate("applied {name}", name=name))
    print(translate("The database is up to date; calendars are published until {year}.", year=years[-1]))
