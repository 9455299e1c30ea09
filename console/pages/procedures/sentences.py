"""A procedure as sentences: where a dispute starts, what each tier does, what leads past it, who visits afterwards."""

from collections.abc import Iterator

from console.pages.procedures.wording import Wording
from domain.messages import Message, message
from domain.procedures.tier import OnExpiry, Tier, TierClock
from domain.vocabulary import Difficulty


def entry(wording: Wording) -> Iterator[str]:
    """Say at which tier disputes start."""
    ladder = wording.ladder
    for difficulty in Difficulty:
        yield wording.say(
            message(
                "{kind} disputes start here: {where}",
                kind=wording.word(difficulty),
                where=wording.tier(ladder.entry[difficulty]),
            )
        )
    for category, entries in ladder.entry_by_category.items():
        for difficulty, to in entries.items():
            kind = wording.several([wording.word(category), wording.word(difficulty)])
            yield wording.say(
                message("{kind} disputes start here: {where}", kind=kind, where=wording.tier(to))
            )


def tier(wording: Wording, item: Tier) -> Iterator[str]:
    """Say what a tier does."""
    last = item.name == wording.ladder.tier_names[-1]
    yield wording.say(_count(item, last=last))
    yield wording.say(message("To be accepted within {limit}.", limit=wording.limit(item.accept_within)))
    yield wording.say(_expiry("accept", item.on_expiry_of("accept")))
    yield wording.say(
        message("To be mediated within {limit} of acceptance.", limit=wording.limit(item.mediate_within))
    )
    yield wording.say(_expiry("mediate", item.on_expiry_of("mediate")))
    yield from _panel(wording, item)
    if item.groups:
        yield wording.say(
            message("Working groups: {names}.", names=wording.several(map(wording.word, item.groups)))
        )
    if not item.committee:
        yield wording.say(message("It has no statutory committee: the nearest one above seals agreements."))
    yield from _lift(wording, item)


def bypass(wording: Wording) -> str:
    """Say what may lift a case past its tier."""
    rule = wording.ladder.bypass
    if not rule.grounds:
        return wording.say(message("Nothing lifts a case past its tier before its time."))
    return wording.say(
        message(
            "A case may go up at once because of {grounds}, when {count} people agree.",
            grounds=wording.several(map(wording.word, rule.grounds)),
            count=rule.approvals,
        )
    )


def visits(wording: Wording) -> str:
    """Say when the parties are visited after a case ended."""
    plan = wording.ladder.follow_up_plan
    if not plan:
        return wording.say(message("Nobody visits the parties afterwards."))
    limits = wording.several(map(wording.limit, plan))
    return wording.say(
        message("The parties are visited within {limits} of the end of the case.", limits=limits)
    )


def _count(item: Tier, *, last: bool) -> Message:
    if item.failed_sessions is None:
        return message("No number of failed sessions moves a case on.")
    if last:
        return message("Mediation ends after {count} failed sessions.", count=item.failed_sessions)
    return message("A case goes to the next tier after {count} failed sessions.", count=item.failed_sessions)


def _expiry(clock: TierClock, end: OnExpiry) -> Message:
    match clock, end:
        case "accept", "escalate":
            return message("Who does not accept in time hands the case to the next tier.")
        case "accept", "terminate":
            return message("Where nobody accepts in time mediation ends.")
        case "mediate", "escalate":
            return message("When the time to mediate is over the case goes to the next tier.")
        case "mediate", "terminate":
            return message("When the time to mediate is over mediation ends, and the other ways are open.")
        case "accept", _:
            return message("A case that is not accepted in time is marked as overdue.")
        case _:
            return message("When the time to mediate is over the case is marked as overdue; it stays.")


def _panel(wording: Wording, item: Tier) -> Iterator[str]:
    if not item.panel:
        return
    names = wording.several(map(wording.seat, item.panel))
    yield wording.say(message("Expected at a session: {names}.", names=names))
    if item.quorum is None and item.missing_seats == "warn":
        return
    count = item.quorum or len(item.panel)
    yield wording.say(
        message("At least {count} of these seats must be taken, or the session is not recorded.", count=count)
        if item.missing_seats == "refuse"
        else message("At least {count} of these seats should be taken.", count=count)
    )


def _lift(wording: Wording, item: Tier) -> Iterator[str]:
    if item.lift_at and item.lift_at.risk:
        risk = wording.word(item.lift_at.risk)
        yield wording.say(message("From this danger on it is proposed to lift the case: {risk}.", risk=risk))
    if item.lift_at and item.lift_at.headcount:
        yield wording.say(
            message("From {count} people on it is proposed to lift the case.", count=item.lift_at.headcount)
        )
