"""From what somebody sends to a ladder that can be tried: a whole one, a published version, or changes to the one in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue

from application.ladder_validation import checked_ladder
from application.simulation.context import LadderVersions
from application.simulation.request import Candidate
from application.structured_text.document import Document
from domain.aggregates.procedure import Procedure
from domain.errors import Flaw, Flawed, LadderFlawed
from domain.errors.documents import Path
from domain.messages import message
from domain.procedures.ladder import Ladder, ProcedureRef

Object = Mapping[str, JsonValue]
_WHOLE: Final = frozenset({"accept_within", "mediate_within", "follow_up_within"})
"""Fields that say one thing with one of several keys: a new one takes the whole place of the old one."""
_NOTHING: Final = message("is required")
_ONE: Final = message("tell one of ladder, changes and version, and no more")
_OBJECT: Final = message("must be an object")
_NO_TIER: Final = message("the procedure has no such tier")
_NO_VERSION: Final = message("the procedure has no such version")


class CandidateFlawed(Flawed):
    """What is to be tried is no ladder."""


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """What is to be tried: one of a ladder, changes and a version."""

    ladder: Document | None = None
    changes: Object | None = None
    version: int | None = None
    label: str = ""


def candidate(wanted: CandidateRequest, procedure: Procedure) -> Candidate:
    """Return the ladder to be tried; raises CandidateFlawed with everything that is wrong with it."""
    told = [name for name in ("ladder", "changes", "version") if getattr(wanted, name) is not None]
    if not told:
        raise CandidateFlawed([Flaw(("changes",), _NOTHING)])
    if len(told) > 1:
        raise CandidateFlawed([Flaw((told[1],), _ONE)])
    if wanted.version is not None:
        return published(wanted.version, procedure, "version")
    if wanted.ladder is not None:
        ladder = _checked(wanted.ladder, "ladder")
    else:
        ladder = _changed(wanted.changes or {}, procedure.versions[procedure.in_force.version])
    ref = ProcedureRef(id=ladder.id, version=procedure.in_force.version + 1)
    return Candidate(LadderVersions(ref, ladder), None, wanted.label)


def published(version: int, procedure: Procedure, field: str) -> Candidate:
    """Return a published version as a candidate; raises CandidateFlawed, naming the field that asked for it."""
    if version not in procedure.versions:
        raise CandidateFlawed([Flaw((field,), _NO_VERSION)])
    ladder = procedure.versions[version]
    return Candidate(
        LadderVersions(ProcedureRef(id=ladder.id, version=version), ladder), version, f"v{version}"
    )


def _checked(document: Document, field: str, tiers: Sequence[str] = ()) -> Ladder:
    """The ladder of a document; what is wrong with it is told as parts of a field, of these tiers by their names."""
    try:
        return checked_ladder(document)
    except LadderFlawed as error:
        found = [Flaw((field, *_by_name(flaw.path, tiers)), flaw.detail, flaw.line) for flaw in error.flaws]
        raise CandidateFlawed(found) from None


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
    names = [tier.name for tier in ladder.tiers] if isinstance(tiers, Mapping) else []
    return _checked(Document(merged), "changes", names)


def _tiers(present: Sequence[Object], changes: Object) -> list[JsonValue]:
    names = [item["name"] for item in present]
    unknown = [name for name in changes if name not in names]
    if unknown:
        raise CandidateFlawed([Flaw(("changes", "tiers", item), _NO_TIER) for item in unknown])
    return [_changed_tier(item, changes.get(str(item["name"]), {})) for item in present]


def _changed_tier(tier: Object, change: JsonValue) -> JsonValue:
    if not isinstance(change, Mapping):
        raise CandidateFlawed([Flaw(("changes", "tiers", str(tier["name"])), _OBJECT)])
    return _merged(tier, change)


def _merged(present: Object, change: Object) -> dict[str, JsonValue]:
    """Objects are merged deep; everything else, and what is a whole by itself, is replaced."""
    merged = dict(present)
    for name, value in change.items():
        before = merged.get(name)
        deep = isinstance(before, Mapping) and isinstance(value, Mapping) and name not in _WHOLE
        merged[name] = _merged(cast("Object", before), cast("Object", value)) if deep else value
    return merged


def _by_name(path: Path, tiers: Sequence[str]) -> Path:
    """A path with its tier by name, as it was sent, instead of by place."""
    if len(path) > 1 and path[0] == "tiers" and isinstance(path[1], int) and path[1] < len(tiers):
        return (path[0], tiers[path[1]], *path[2:])
    return path
