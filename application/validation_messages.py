"""What is wrong with a request's fields, as sentences a person understands; never with what was sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from domain.commands.platform import NUMBER_PATTERN
from domain.errors.documents import FieldFlaws
from domain.messages import Argument, Message, message
from domain.vocabulary import values

_Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field by its path within the request, and what is wrong with it."""

    field: str
    detail: Message
    where: str = "body"
    kind: str = ""


_OFFSET: Final = message("must carry its offset, such as 2026-03-02T09:00:00+08:00")
_MOMENT: Final = message("must be a date and time with its offset, such as 2026-03-02T09:00:00+08:00")
_DATE: Final = message("must be a date, such as 2026-03-02")
_WHOLE: Final = message("must be a whole number")
_TEXT: Final = message("must be text")
_LIST: Final = message("must be a list")
_OBJECT: Final = message("must be an object")
_UUID: Final = message("must be a UUID, such as 6f1f9d6e-4d0b-4a52-9a3c-0c5b3f1a2b7d")
_TRUTH: Final = message("must be true or false")
_FALLBACK: Final = message("is not valid")

_PLAIN: Final[Mapping[str, Message]] = {
    "missing": message("is required"),
    "extra_forbidden": message("is not a field of this request"),
    "string_type": _TEXT,
    "string_unicode": message("must be valid Unicode text"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "timezone_aware": _OFFSET,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}
_PREFIXES: Final[Mapping[str, Message]] = {"datetime_": _MOMENT, "date_": _DATE, "uuid_": _UUID}


def _number(context: _Context, name: str) -> Argument:
    value = context.get(name)
    return value if isinstance(value, int) else str(value)


def _choice(context: _Context) -> Message:
    words = str(context.get("expected")).replace("'", "").replace(" or ", ", ")
    return message("must be one of: {words}", words=words)


NO_NUL: Final = r"^[^\x00]*$"
FORMATS: Final[Mapping[str, Message]] = {
    values.UNIT_ID: message(
        "must be the id of a unit: small letters, digits, - and _, parts joined by dots, such as dongguang.c01.y02"
    ),
    values.KEY: message(
        "must be small letters, digits, - and _, the first one a letter, such as legal_adviser"
    ),
    values.PERSON_KEY: message(
        "must be the id of an account: letters, digits and . _ @ -, such as zhang.wei"
    ),
    values.PARTY_ID: message("must be the id of a party, such as p1"),
    NO_NUL: message("must not hold a NUL character"),
    NUMBER_PATTERN: message(
        "must hold {places} once each, such as {example}",
        places="{year}, {n}",
        example="（{year}）东光民调字第{n}号",
    ),
}
"""By the pattern of a text: how it is written."""
_CURSOR: Final = message("must be the `next` of the page before")


def _pattern(context: _Context) -> Message:
    """How a text is written; cursors alone have no pattern that people write."""
    return FORMATS.get(str(context.get("pattern")), _CURSOR)


_WITH_LIMITS: Final[Mapping[str, Callable[[_Context], Message]]] = {
    "string_too_short": lambda _: message("must not be empty"),
    "string_too_long": lambda c: message(
        "must have at most {limit} characters", limit=_number(c, "max_length")
    ),
    "too_short": lambda c: message("must have at least {limit} items", limit=_number(c, "min_length")),
    "too_long": lambda c: message("must have at most {limit} items", limit=_number(c, "max_length")),
    "greater_than_equal": lambda c: message("must be at least {limit}", limit=_number(c, "ge")),
    "less_than_equal": lambda c: message("must be at most {limit}", limit=_number(c, "le")),
    "year_out_of_range": lambda c: message(
        "must lie in the years {first} to {last}", first=_number(c, "first"), last=_number(c, "last")
    ),
    "enum": _choice,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "value_error": lambda c: Message(str(c.get("error"))),
}


def field_errors(found: Sequence[object]) -> list[FieldError]:
    """Turn pydantic's findings into sentences, one for each fault, with the path of what is wrong."""
    findings = [cast("Mapping[str, object]", item) for item in found]
    return [error for item in findings if not _is_echo(item) for error in _field_errors(item)]


def _is_echo(finding: Mapping[str, object]) -> bool:
    """Say whether a list is only called too short because its wrong elements were not counted."""
    sent, context = finding.get("input"), cast("_Context", finding.get("ctx") or {})
    least = context.get("min_length")
    return (
        finding["type"] == "too_short"
        and isinstance(sent, list | tuple)
        and isinstance(least, int)
        and len(sent) >= least
    )


def _field_errors(finding: Mapping[str, object]) -> Iterator[FieldError]:
    kind, context = str(finding["type"]), cast("_Context", finding.get("ctx") or {})
    where, *path = cast("Sequence[str | int]", finding["loc"])
    fault = context.get("error")
    if isinstance(fault, FieldFlaws):
        for flaw in fault.flaws:
            yield FieldError(_dotted((*path, *flaw.path)), flaw.detail, str(where), kind)
    else:
        yield FieldError(_dotted(path) or str(where), _sentence(kind, context), str(where), kind)


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))


def _sentence(kind: str, context: _Context) -> Message:
    if kind in _WITH_LIMITS:
        return _WITH_LIMITS[kind](context)
    if kind in _PLAIN:
        return _PLAIN[kind]
    return next((text for prefix, text in _PREFIXES.items() if kind.startswith(prefix)), _FALLBACK)
