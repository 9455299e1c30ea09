"""`token`, `migrate`."""

import json as jsons
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.bootstrap import lay_foundations, utc_now, with_services
from cli.database import database
from cli.language import say, told
from cli.settings import Settings
from domain.events.envelope import Actor
from domain.vocabulary import Role
from identity.keys import local_keys
from identity.tokens import issue

Json = Annotated[bool, typer.Option("--json", help=told("Write JSON."))]


def token(
    sub: Annotated[str, typer.Option(help=told("Who it is for: a mediator's id, or another name."))],
    role: Annotated[Role, typer.Option(help=told("In which role."))],
    unit: Annotated[str | None, typer.Option(help=told("For which unit, such as dongguang.c01."))] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 366, help=told("For how long."))] = 12,
    *,
    json: Json = False,
) -> None:
    """Print a token."""
    key = local_keys(Settings().keys).tokens
    try:
        issued = issue(key, Actor(sub=sub, role=role, unit=unit), utc_now(), timedelta(hours=hours))
    except ValidationError as error:
        raise typer.BadParameter(told("the name or the unit is not written as it should be")) from error
    print(jsons.dumps({"token": issued}) if json else issued)


def migrate(*, json: Json = False) -> None:
    """Migrate the database and put in force what is in force from the first day."""
    settings = Settings()
    with database(settings) as found:
        applied = found.migrate()
        years = with_services(settings, found.url, lay_foundations)
    if json:
        print(jsons.dumps({"applied": applied, "calendar_years": [years[0], years[-1]]}))
        return
    for name in applied:
        print(say("applied {name}", name=name))
    print(say("The database is up to date; calendars are published until {year}.", year=years[-1]))
