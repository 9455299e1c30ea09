"""What the log has already: a case that came in before is left alone, and one that differs is no import."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from pydantic.main import IncEx

from application.importing.parsing import ImportedCase
from domain.events.dispute import Imported
from domain.events.envelope import Event, Recorded
from domain.jurisdiction.register import Register
from domain.messages import Message, message

_DERIVED: Final[Mapping[str, IncEx | bool]] = {
    "procedure": True,
    "platform": True,
    "parties": {"__all__": {"person": True}},
}
"""What follows from the circumstances of the import, and not from the row."""


_ERASED: Final[JsonValue] = {"erased": True}


def earlier(case: ImportedCase, streams: Mapping[UUID, Sequence[Recorded[Event]]]) -> Imported | None:
    """Return how the case came in before; None where it did not."""
    for item in case.ids:
        if item in streams and isinstance(event := streams[item][0].event, Imported):
            return event
    return None


def objection(case: ImportedCase, before: Imported | None, register: Register) -> Message | None:
    """Say why the case may not come in; None where it may, or is there already."""
    if before is not None:
        return (
            None
            if alike(before, case.event)
            else message(
                "this case was brought in before with other content; what is recorded is not changed by an import"
            )
        )
    if case.numbered and register.has_issued(case.numbered.n):
        return message("the system itself gave this number to another case")
    return None


def to_carry_over(case: ImportedCase, register: Register) -> bool:
    """Say whether the register does not know yet that the number was given on paper."""
    numbered = case.numbered
    return (
        numbered is not None
        and numbered.n not in register.carried_over
        and not register.has_issued(numbered.n)
    )


def alike(before: Imported, now: Imported) -> bool:
    """Say whether two tellings of a case agree; what was erased since then agrees with anything."""
    return _agree(_comparable(before), _comparable(now))


def _comparable(event: Imported) -> JsonValue:
    fields: JsonValue = event.model_dump(mode="json", exclude={"filed": {**_DERIVED}})
    return fields


def _agree(before: JsonValue, now: JsonValue) -> bool:
    if before in (now, _ERASED):
        return True
    if isinstance(before, dict) and isinstance(now, dict):
        return before.keys() == now.keys() and all(_agree(before[key], now[key]) for key in before)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_agree, before, now))
    return False
