"""From what somebody sends to a ladder that can be tried: a whole one, a published version, or changes to the one in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue, ValidationError

from application.simulation.ground import Rungs
from application.simulation.question import Candidate
from domain.aggregates.policy import Procedure
from domain.messages import message
from domain.procedures.ladder import Ladder, ProcedureRef

Finding = Mapping[str, object]
Object = Mapping[str, JsonValue]
_WHOLE: Final = frozenset({"accept_within", "mediate_within", "follow_up_within"})
"""Fields that say one thing with one of several keys: a new one takes the whole place of the old one."""
_ONE: Final = message("tell one of ladder, changes and version, and no more")
_NO_TIER: Final = message("the procedure has no such tier")
_NO_VERSION: Final = message("the procedure has no such version")


class BadCandidate(ValueError):
    """The ladder to be tried is none. `findings` are pydantic's, each with its path within the request."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("the candidate is not a ladder")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried: one of a ladder, changes and a version."""

    ladder: Object | None = None
    changes: Object | None = None
    version: int | None = None
    label: str = ""


def candidate(wanted: Wanted, procedure: Procedure) -> Candidate:
    """Return the ladder to be tried; raises BadCandidate."""
    told = [name for name in ("ladder", "changes", "version") if getattr(wanted, name) is not None]
    if not told:
        raise BadCandidate([{"type": "missing", "loc": ("changes",)}])
    if len(told) > 1:
        raise BadCandidate([_finding((told[1],), _ONE)])
    if wanted.version is not None:
        return published(wanted.version, procedure, "version")
    if wanted.ladder is not None:
        ladder = _checked(wanted.ladder, ("ladder",))
    else:
        ladder = _changed(wanted.changes or {}, procedure.versions[procedure.in_force.version])
    ref = ProcedureRef(id=ladder.id, version=procedure.in_force.version + 1)
    return Candidate(Rungs(ref, ladder), None, wanted.label)


def published(version: int, procedure: Procedure, field: str) -> Candidate:
    """Return a published version as a candidate; raises BadCandidate, naming the field that asked for it."""
    if version not in procedure.versions:
        raise BadCandidate([_finding((field,), _NO_VERSION)])
    ladder = procedure.versions[version]
    return Candidate(Rungs(ProcedureRef(id=ladder.id, version=version), ladder), version, f"v{version}")


def _checked(told: Object, where: tuple[str, ...]) -> Ladder:
    """Read a ladder; raises BadCandidate with everything that is wrong with it."""
    try:
        return Ladder.model_validate(told)
    except ValidationError as error:
        raise BadCandidate(
            [{**each, "loc": (*where, *each["loc"])} for each in error.errors(include_url=False)]
        ) from None


def _changed(changes: Object, ladder: Ladder) -> Ladder:
    """The ladder in force with some of it changed; tiers may be told by name, and the others stay."""
    present = cast("dict[str, JsonValue]", ladder.model_dump(mode="json", exclude_none=True))
    tiers = changes.get("tiers")
    told = {name: value for name, value in changes.items() if name != "tiers"}
    merged = _merged(present, told)
    if isinstance(tiers, Mapping):
        merged["tiers"] = _tiers(cast("list[Object]", present["tiers"]), tiers)
    elif "tiers" in changes:
        merged["tiers"] = tiers
    try:
        return _checked(merged, ("changes",))
    except BadCandidate as error:
        names = [each.name for each in ladder.tiers] if isinstance(tiers, Mapping) else []
        raise BadCandidate([_by_name(each, names) for each in error.findings]) from None


def _tiers(present: Sequence[Object], changes: Object) -> list[JsonValue]:
    names = [each["name"] for each in present]
    unknown = [name for name in changes if name not in names]
    if unknown:
        raise BadCandidate([_finding(("changes", "tiers", each), _NO_TIER) for each in unknown])
    return [_changed_tier(each, changes.get(str(each["name"]), {})) for each in present]


def _changed_tier(tier: Object, change: JsonValue) -> JsonValue:
    if not isinstance(change, Mapping):
        raise BadCandidate([{"type": "dict_type", "loc": ("changes", "tiers", str(tier["name"]))}])
    return _merged(tier, change)


def _merged(present: Object, change: Object) -> dict[str, JsonValue]:
    """Objects are merged deep; everything else, and what is a whole by itself, is replaced."""
    merged = dict(present)
    for name, value in change.items():
        before = merged.get(name)
        deep = isinstance(before, Mapping) and isinstance(value, Mapping) and name not in _WHOLE
        merged[name] = _merged(cast("Object", before), cast("Object", value)) if deep else value
    return merged


def _by_name(finding: Finding, names: Sequence[str]) -> Finding:
    """A finding with its tier by name, as it was sent, instead of by place."""
    path = cast("tuple[str | int, ...]", finding["loc"])
    if len(path) > 2 and path[1] == "tiers" and isinstance(path[2], int) and path[2] < len(names):
        path = (*path[:2], names[path[2]], *path[3:])
    return {**finding, "loc": path}


def _finding(path: tuple[str, ...], sentence: object) -> Finding:
    return {"type": "value_error", "loc": path, "ctx": {"error": sentence}}
