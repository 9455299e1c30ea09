"""What changed in a case between two moments."""

from collections.abc import Iterator

from pydantic import BaseModel, JsonValue

from api.disputes.schemas.case import CaseView, case_view
from api.disputes.schemas.history import EventView, event_view
from application.case_reader import CaseSnapshot

_Json = dict[str, JsonValue]


class FieldChange(BaseModel):
    """A field by its dotted path, before and after; null where there was nothing."""

    field: str
    before: JsonValue
    after: JsonValue


class DifferenceView(BaseModel):
    """What changed between two versions, and the events that changed it."""

    from_version: int
    to_version: int
    changes: list[FieldChange]
    events: list[EventView]


def difference_view(first: CaseSnapshot, last: CaseSnapshot) -> DifferenceView:
    """Compare a case at two moments; the events are those that the later one has and the earlier has not.

    An agreement is compared as `agreement` while the case has one, as a part of `agreements` once it has several.
    """
    several = max(len(item.dispute.agreements) for item in (first, last)) > 1
    left_out = frozenset({"version", "agreement" if several else "agreements"})
    before, after = _json(case_view(first), left_out), _json(case_view(last), left_out)
    return DifferenceView(
        from_version=first.dispute.version,
        to_version=last.dispute.version,
        changes=list(_changes(before, after, "")),
        events=[
            event_view(recorded, last.dispute.retracted)
            for recorded in last.history
            if recorded.version > first.dispute.version
        ],
    )


def _json(view: CaseView, left_out: frozenset[str]) -> JsonValue:
    return {
        name: value
        for name, value in view.model_dump(mode="json", by_alias=True).items()
        if name not in left_out
    }


def _changes(before: JsonValue, after: JsonValue, path: str) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict | list) and isinstance(after, dict | list) and type(before) is type(after):
        left, right = _members(before), _members(after)
        for name in dict.fromkeys((*left, *right)):
            yield from _changes(left.get(name), right.get(name), f"{path}.{name}" if path else name)
    else:
        yield FieldChange(field=path, before=before, after=after)


def _members(value: _Json | list[JsonValue]) -> _Json:
    return value if isinstance(value, dict) else {str(place): item for place, item in enumerate(value)}
