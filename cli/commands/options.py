"""Options that several commands have."""

from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from cli.language import translate
from domain.vocabulary import UnitId

Json = Annotated[bool, typer.Option("--json", help=translate("Write JSON."))]
_UNIT: Final[TypeAdapter[str]] = TypeAdapter(UnitId)


def unit_id(text: str) -> str:
    """Parse a unit's id."""
    return parse_name(text, _UNIT)


def parse_name(text: str, kind: TypeAdapter[str]) -> str:
    """Parse a name of some kind; raises typer.BadParameter."""
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(translate("the name or the unit is not written as it should be")) from error


Unit = Annotated[
    str | None,
    typer.Option(parser=unit_id, help=translate("A unit with all below it; all units when left out.")),
]
