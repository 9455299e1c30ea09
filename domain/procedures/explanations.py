"""The rules' findings as sentences."""

from datetime import date

from domain.messages import Message, message
from domain.procedures.rules import Because, Count
from domain.vocabulary import Rule, day_of


def why(because: Because) -> Message:
    """Say why a rule moved the case, with the sessions it counted."""
    if because.rule is Rule.BYPASS_RISK:
        return message("two officials lifted the case past the {tier} because of danger", tier=because.tier)
    if because.rule is Rule.BYPASS_COMPLEXITY:
        return message(
            "two officials lifted the case past the {tier} because it is complex", tier=because.tier
        )
    counted = ", ".join(day_of(each.held_at).isoformat() for each in because.counted)
    threshold = because.threshold or 0
    if because.rule is Rule.EXHAUSTED:
        return message(
            "{count} sessions failed at the {tier} ({sessions}); the procedure ends mediation after {threshold}, "
            "because there is no further tier",
            count=len(because.counted),
            tier=because.tier,
            sessions=counted,
            threshold=threshold,
        )
    return message(
        "{count} sessions failed at the {tier} ({sessions}); the procedure moves the case on after {threshold}",
        count=len(because.counted),
        tier=because.tier,
        sessions=counted,
        threshold=threshold,
    )


def failures_missing(count: Count, tier: str, *, last_tier: bool) -> Message:
    """Say how many failed sessions are still missing before the case moves, or before mediation ends."""
    if last_tier:
        return message(
            "{remaining} more failed sessions at the {tier} end mediation, because there is no further tier",
            remaining=count.remaining,
            tier=tier,
        )
    return message(
        "{remaining} more failed sessions at the {tier} move the case to the next tier",
        remaining=count.remaining,
        tier=tier,
    )


def acceptance_due(tier: str, by: date) -> Message:
    """Say until when the tier has to accept the case."""
    return message("the {tier} has until {day} to accept the case", tier=tier, day=by.isoformat())


def mediation_due(tier: str, by: date) -> Message:
    """Say until when the tier has to mediate."""
    return message("the time limit for mediation at the {tier} is {day}", tier=tier, day=by.isoformat())
