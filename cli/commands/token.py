"""`tiaochu token`."""

import json as jsons
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.bootstrap import utc_now
from cli.commands.options import Json
from cli.language import translate
from cli.settings import Settings
from domain.events.envelope import Actor
from domain.vocabulary import Role
from identity.keys import local_keys
from identity.tokens import issue


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
    """Print a token.

    Exit 1: the file of the keys cannot be read.
    """
    key = local_keys(Settings().keys).tokens
    try:
        issued = issue(key, Actor(sub=sub, role=role, unit=unit), utc_now(), timedelta(hours=hours))
    except ValidationError as error:
        raise typer.BadParameter(translate("the name or the unit is not written as it should be")) from error
    print(jsons.dumps({"token": issued}) if json else issued)
