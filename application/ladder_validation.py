"""Checking a ladder's document before it is proposed: everything that is wrong at once, each with field and line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from pydantic import ValidationError

from application.structured_text.document import Document, Unreadable
from application.structured_text.json_text import read_json
from application.structured_text.yaml_text import read_yaml
from application.validation_messages import field_errors
from domain.errors import LadderFlawed
from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.ladder import Ladder
from domain.procedures.validation.ladder import ladder_flaws
from domain.procedures.validation.raw_document import mapping, sequence

_Finding = Mapping[str, object]
_EITHER: Final = frozenset({"accept_within", "mediate_within", "on_expiry", "follow_up_within"})
"""Fields of several forms: what each form would have against them is reported by the checks of meaning, once."""


def read_ladder(text: str) -> Document:
    """Read a text as JSON where it is JSON, else as YAML; raises LadderFlawed where it is neither."""
    try:
        return read_json(text)
    except Unreadable as first:
        try:
            return read_yaml(text)
        except Unreadable as error:
            looks_like_json = text.lstrip("\ufeff \t\r\n").startswith("{")
            raise unreadable(first if looks_like_json else error) from None


def unreadable(error: Unreadable) -> LadderFlawed:
    """Return the refusal of a text that is no document."""
    return LadderFlawed([Flaw((), error.detail, error.line)])


def checked_ladder(document: Document, called: str | None = None) -> Ladder:
    """Return the ladder of a document, which must have the id `called`; raises LadderFlawed with all that is wrong."""
    ladder, shape = _modelled(document.value)
    unreadable_at = {flaw.path for flaw in document.flaws}
    meant = [flaw for flaw in ladder_flaws(document.value) if flaw.path not in unreadable_at]
    if called is not None and mapping(document.value).get("id", called) != called:
        meant.append(Flaw(("id",), message("is not the id in the address, {id}", id=called)))
    found = [*document.flaws, *meant, *_not_covered(shape, meant, document.value)]
    if ladder is None or found:
        raise LadderFlawed(sorted(map(document.located, found), key=lambda item: item.line or 0))
    return ladder


def _modelled(value: object) -> tuple[Ladder | None, Sequence[_Finding]]:
    """The ladder, and what the model has against it. Told as JSON, so that a list stands for a list and a 1 for a 1."""
    try:
        return Ladder.model_validate_json(json.dumps(value)), ()
    except ValidationError as error:
        return None, cast("Sequence[_Finding]", error.errors(include_url=False, include_input=False))


def _not_covered(shape: Sequence[_Finding], meant: Sequence[Flaw], value: object) -> Iterator[Flaw]:
    """What the model found and the checks of meaning have not reported already."""
    reported = [item.path for item in meant]
    for finding, error in zip(shape, field_errors([_in_body(item) for item in shape]), strict=True):
        path = _within(value, cast("Path", finding["loc"]))
        if not _is_reported(path, reported) and not _is_an_echo(finding, path, value):
            yield Flaw(path, error.detail)


def _in_body(finding: _Finding) -> _Finding:
    return {**finding, "loc": ("body", *cast("Path", finding["loc"]))}


def _within(value: object, loc: Path) -> Path:
    """The path of a finding in the document itself, without the names of the forms that the model tried."""
    path: Path = ()
    for place, part in enumerate(loc):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(part, int) and part < len(sequence(value)):
            value = sequence(value)[part]
        elif place < len(loc) - 1 or not isinstance(value, Mapping) or part == "[key]" or _is_form(part):
            continue
        path = (*path, part)
    return path


def _is_form(part: str | int) -> bool:
    return isinstance(part, str) and not part.islower()


def _is_reported(path: Path, reported: Sequence[Path]) -> bool:
    either = next((path[: place + 1] for place, part in enumerate(path) if part in _EITHER), None)
    if either is not None:
        return any(item[: len(either)] == either for item in reported)
    return path in reported or (not path and bool(reported))


def _is_an_echo(finding: _Finding, path: Path, value: object) -> bool:
    """Whether the model only counts what it could not read: a list is not too short because its parts are wrong."""
    return finding["type"] == "too_short" and path == ("tiers",) and bool(mapping(value).get("tiers"))
