"""A procedure as sentences: where a dispute starts, what each tier does, what leads past it, who visits afterwards."""

from collections.abc import Iterator

from console.pages.procedures.wording import Wording
from domain.messages import Message, message
from domain.procedures.tier import OnExpiry, Tier, TierClock
from domain.vocabulary import Difficulty


def entry(words: Wording) -> Iterator[str]:
    """Say at which tier disputes start."""
    ladder = words.ladder
    for difficulty in Difficulty:
        yield words.say(
            message(
                "{kind} disputes start here: {where}",
                kind=words.word(difficulty),
                where=words.tier(ladder.entry[difficulty]),
            )
        )
    for category, entries in ladder.entry_by_category.items():
        for difficulty, to in entries.items():
            kind = words.several([words.word(category), words.word(difficulty)])
            yield words.say(message("{kind} disputes start here: {where}", kind=kind, where=words.tier(to)))


def tier(words: Wording, item: Tier) -> Iterator[str]:
    """Say what a tier does."""
    last = item.name == words.ladder.tier_names[-1]
    yield words.say(_count(item, last=last))
    yield words.say(message("To be accepted within {limit}.", limit=words.limit(item.accept_within)))
    yield words.say(_expiry("accept", item.on_expiry_of("accept")))
    yield words.say(
        message("To be mediated within {limit} of acceptance.", limit=words.limit(item.mediate_within))
    )
    yield words.say(_expiry("mediate", item.on_expiry_of("mediate")))
    yield from _panel(words, item)
    if item.groups:
        yield words.say(
            message("Working groups: {names}.", names=words.several(map(words.word, item.groups)))
        )
    if not item.committee:
        yield words.say(message("It has no statutory committee: the nearest one above seals agreements."))
    yield from _lift(words, item)


def bypass(words: Wording) -> str:
    """Say what may lift a case past its tier."""
    told = words.ladder.bypass
    if not told.grounds:
        return words.say(message("Nothing lifts a case past its tier before its time."))
    return words.say(
        message(
            "A case may go up at once because of {grounds}, when {count} people agree.",
            grounds=words.several(map(words.word, told.grounds)),
            count=told.approvals,
        )
    )


def visits(words: Wording) -> str:
    """Say when the parties are visited after a case ended."""
    plan = words.ladder.follow_up_plan
    if not plan:
        return words.say(message("Nobody visits the parties afterwards."))
    limits = words.several(map(words.limit, plan))
    return words.say(
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


def _panel(words: Wording, item: Tier) -> Iterator[str]:
    if not item.panel:
        return
    names = words.several(map(words.seat, item.panel))
    yield words.say(message("Expected at a session: {names}.", names=names))
    if item.quorum is None and item.missing_seats == "warn":
        return
    count = item.quorum or len(item.panel)
    yield words.say(
        message("At least {count} of these seats must be taken, or the session is not recorded.", count=count)
        if item.missing_seats == "refuse"
        else message("At least {count} of these seats should be taken.", count=count)
    )


def _lift(words: Wording, item: Tier) -> Iterator[str]:
    if item.lift_at and item.lift_at.risk:
        risk = words.word(item.lift_at.risk)
        yield words.say(message("From this danger on it is proposed to lift the case: {risk}.", risk=risk))
    if item.lift_at and item.lift_at.headcount:
        yield words.say(
            message("From {count} people on it is proposed to lift the case.", count=item.lift_at.headcount)
        )
