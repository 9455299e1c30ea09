"""Reachability of tiers: cases can come to every tier, and nothing leads beyond the last one."""

from collections.abc import Iterator, Mapping, Sequence

from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.validation.raw_document import mapping, sequence

_Tiers = Sequence[Mapping[str, object]]
_RISK = "risk"


def reachability_flaws(ladder: Mapping[str, object], tiers: _Tiers) -> Iterator[Flaw]:
    """Yield tiers that no case can reach, and escalations beyond the last tier."""
    yield from _unreachable(ladder, tiers)
    for place, tier in enumerate(tiers):
        last = place == len(tiers) - 1
        if last:
            yield from _escapes(("tiers", place, "on_expiry"), tier.get("on_expiry"))
        yield from _lift(("tiers", place, "lift_at"), tier.get("lift_at"), _grounds(ladder), last=last)


def _unreachable(ladder: Mapping[str, object], tiers: _Tiers) -> Iterator[Flaw]:
    """A tier below every entry, or above tiers from which nothing leads up."""
    if not isinstance(ladder.get("entry"), Mapping):
        return
    starts = _entries(ladder)
    come = False
    for place, tier in enumerate(tiers):
        name = tier.get("name")
        come = name in starts or (come and _leads_here(ladder, tiers, place))
        if not come:
            called = name if isinstance(name, str) else place
            yield Flaw(("tiers", place), message("no case can ever come to the {name}", name=called))


def _leads_here(ladder: Mapping[str, object], tiers: _Tiers, place: int) -> bool:
    """Whether a case at the tier below may go up: by its count, when time runs out, or by two officials."""
    below = tiers[place - 1]
    on_expiry = below.get("on_expiry")
    ends = list(on_expiry.values()) if isinstance(on_expiry, Mapping) else [on_expiry]
    return below.get("failed_sessions") is not None or "escalate" in ends or bool(_grounds(ladder))


def _entries(ladder: Mapping[str, object]) -> list[object]:
    special = mapping(ladder.get("entry_by_category")).values()
    return [to for item in (ladder["entry"], *special) for to in mapping(item).values()]


def _grounds(ladder: Mapping[str, object]) -> Sequence[object]:
    """On which grounds two officials may lift a case; on all of them where the document does not say."""
    grounds = mapping(ladder.get("bypass")).get("grounds")
    return sequence(grounds) if isinstance(grounds, list | tuple) else (_RISK, "complexity")


def _escapes(path: Path, on_expiry: object) -> Iterator[Flaw]:
    ends = {(*path, clock): end for clock, end in mapping(on_expiry).items()} or {path: on_expiry}
    for where, end in ends.items():
        if end == "escalate":
            yield Flaw(where, message("nothing lies above the last tier"))


def _lift(path: Path, lift_at: object, grounds: Sequence[object], *, last: bool) -> Iterator[Flaw]:
    if lift_at is None:
        return
    if last:
        yield Flaw(path, message("nothing lies above the last tier"))
    elif _RISK not in grounds:
        yield Flaw(path, message("the bypass does not know the ground risk"))
    elif isinstance(lift_at, Mapping) and all(item is None for item in lift_at.values()):
        yield Flaw(path, message("must say from what risk or from how many people on"))
