"""The `--set` option of `simulate`: changes to a ladder, such as `tiers.community.failed_sessions=4,5,6`."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import typer
import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from application.simulation.request import CandidateRequest
from cli.language import translate

MOST_CANDIDATES: Final = 12
"""Of one simulation."""
_JSON: Final[TypeAdapter[list[JsonValue]]] = TypeAdapter(list[JsonValue])
Setting = tuple[str, JsonValue]


def parse_candidates(settings: Sequence[str]) -> list[CandidateRequest]:
    """Return one candidate for each combination of the values of all paths.

    Raises typer.BadParameter.
    """
    choices = [_choices(setting) for setting in settings]
    found = [_changes(item) for item in itertools.product(*choices)]
    if len(found) > MOST_CANDIDATES:
        raise typer.BadParameter(
            translate("at most {most} ladders are tried at a time", most=MOST_CANDIDATES)
        )
    return found


def _choices(setting: str) -> list[Setting]:
    """Return the path with each of its values, which are written as in YAML."""
    path, equals, text = setting.partition("=")
    if not equals or not all(path.split(".")):
        raise typer.BadParameter(
            translate(
                "{setting} is not written as path=value, such as tiers.community.failed_sessions=4",
                setting=setting,
            )
        )
    try:
        values = _JSON.validate_python(yaml.safe_load(f"[{text}]"))
    except (yaml.YAMLError, ValidationError) as error:
        raise typer.BadParameter(translate("the value of {setting} cannot be read", setting=path)) from error
    if not values:
        raise typer.BadParameter(translate("a path without a value changes nothing; write null for none"))
    return [(path, value) for value in values]


def _changes(settings: Sequence[Setting]) -> CandidateRequest:
    changes: dict[str, JsonValue] = {}
    for path, value in settings:
        *above, name = path.split(".")
        place = changes
        for item in above:
            below = place.setdefault(item, {})
            if not isinstance(below, dict):
                raise typer.BadParameter(translate("{path} is set twice in different ways", path=path))
            place = below
        place[name] = value
    return CandidateRequest(changes=changes, label=", ".join(_labels(settings)))


def _labels(settings: Sequence[Setting]) -> Iterator[str]:
    for path, value in settings:
        yield f"{path}={'null' if value is None else value}"
