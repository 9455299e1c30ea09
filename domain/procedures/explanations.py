"""Why a rule moved a case, as a sentence."""

from domain.messages import Argument, Message, message
from domain.procedures.rules import BYPASS_RULES, Because, Danger, TimeLimitExpiry
from domain.vocabulary import Rule, day_of


def why(because: Because) -> Message:
    """Say why a rule moved the case, with what it counted."""
    if because.danger is not None:
        return _danger(because.danger, because)
    if because.rule in BYPASS_RULES.values() and because.threshold is not None:
        return _many(because)
    if because.rule is Rule.BYPASS_RISK:
        return message("two officials lifted the case past the {tier} because of danger", tier=because.tier)
    if because.rule is Rule.BYPASS_COMPLEXITY:
        return message(
            "two officials lifted the case past the {tier} because it is complex", tier=because.tier
        )
    return _time(because.ran_out, because) if because.ran_out is not None else _count(because)


def _many(because: Because) -> Message:
    arguments: dict[str, Argument] = {"tier": because.tier, "count": because.threshold or 0}
    if because.rule is Rule.BYPASS_RISK:
        return message("{count} officials lifted the case past the {tier} because of danger", **arguments)
    return message("{count} officials lifted the case past the {tier} because it is complex", **arguments)


def _count(because: Because) -> Message:
    arguments: dict[str, Argument] = {
        "count": len(because.counted),
        "tier": because.tier,
        "sessions": ", ".join(day_of(item.held_at).isoformat() for item in because.counted),
        "threshold": because.threshold or 0,
    }
    if because.rule is Rule.EXHAUSTED:
        return message(
            "{count} sessions failed at the {tier} ({sessions}); the procedure ends mediation after {threshold}, "
            "because there is no further tier",
            **arguments,
        )
    return message(
        "{count} sessions failed at the {tier} ({sessions}); the procedure moves the case on after {threshold}",
        **arguments,
    )


def _time(ran_out: TimeLimitExpiry, because: Because) -> Message:
    day, since = ran_out.last_day.isoformat(), day_of(ran_out.since).isoformat()
    if because.rule is Rule.ACCEPT_LIMIT:
        return message(
            "the case came to the {tier} on {since}, which had until {day} to accept it and did not",
            tier=because.tier,
            since=since,
            day=day,
        )
    if because.rule is Rule.EXHAUSTED:
        return message(
            "the {tier} accepted the case on {since}; its time limit for mediation, {day}, passed, and there is no "
            "further tier",
            tier=because.tier,
            since=since,
            day=day,
        )
    return message(
        "the {tier} accepted the case on {since}; its time limit for mediation, {day}, passed",
        tier=because.tier,
        since=since,
        day=day,
    )


def _danger(danger: Danger, because: Because) -> Message:
    if danger.people is not None:
        return message(
            "{people} people are involved; from {threshold} on the procedure proposes to lift a case past the {tier}",
            people=danger.people,
            threshold=because.threshold or 0,
            tier=because.tier,
        )
    return message(
        "the danger was assessed as {level}; at that level the procedure proposes to lift a case past the {tier}",
        level=danger.risk or "",
        tier=because.tier,
    )
