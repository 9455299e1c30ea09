"""What is missing before a rule moves a case, as sentences."""

from datetime import date

from domain.messages import Argument, Message, message
from domain.procedures.rules import Count
from domain.procedures.tier import OnExpiry


def failures_missing(count: Count, tier: str, *, last_tier: bool) -> Message:
    """Say how many failed sessions are still missing before the case moves, or before mediation ends."""
    arguments: dict[str, Argument] = {"remaining": count.remaining, "tier": tier}
    if count.remaining == 1:
        return _one_missing(arguments, last_tier=last_tier)
    if last_tier:
        return message(
            "{remaining} more failed sessions at the {tier} end mediation, because there is no further tier",
            **arguments,
        )
    return message(
        "{remaining} more failed sessions at the {tier} move the case to the next tier", **arguments
    )


def _one_missing(arguments: dict[str, Argument], *, last_tier: bool) -> Message:
    if last_tier:
        return message(
            "{remaining} more failed session at the {tier} ends mediation, because there is no further tier",
            **arguments,
        )
    return message(
        "{remaining} more failed session at the {tier} moves the case to the next tier", **arguments
    )


def acceptance_due(tier: str, by: date, action: OnExpiry = "mark") -> Message:
    """Say until when the tier has to accept the case, and what happens then."""
    arguments = {"tier": tier, "day": by.isoformat()}
    match action:
        case "escalate":
            return message(
                "the {tier} has until {day} to accept the case; after that it goes to the next tier",
                **arguments,
            )
        case "terminate":
            return message(
                "the {tier} has until {day} to accept the case; after that it is closed", **arguments
            )
        case "mark":
            return message(
                "the {tier} has until {day} to accept the case; after that it is only marked as overdue",
                **arguments,
            )


def mediation_due(tier: str, by: date, action: OnExpiry = "mark") -> Message:
    """Say until when the tier has to mediate, and what happens then."""
    arguments = {"tier": tier, "day": by.isoformat()}
    match action:
        case "escalate":
            return message(
                "the time limit for mediation at the {tier} is {day}; after that the case goes to the next tier",
                **arguments,
            )
        case "terminate":
            return message(
                "the time limit for mediation at the {tier} is {day}; after that mediation ends", **arguments
            )
        case "mark":
            return message(
                "the time limit for mediation at the {tier} is {day}; after that the case is only marked as overdue",
                **arguments,
            )


def people_missing(grounds: str, remaining: int) -> Message:
    """Say how many people must still agree before a case is lifted past its tier."""
    if grounds == "risk":
        return message(
            "it is proposed to lift the case because of danger; {remaining} more must agree",
            remaining=remaining,
        )
    return message(
        "it is proposed to lift the case because it is complex; {remaining} more must agree",
        remaining=remaining,
    )


def headcount_missing(tier: str, need: int) -> Message:
    """Say from how many people on the procedure itself proposes to lift a case."""
    return message(
        "from {need} people on the procedure proposes to lift a case past the {tier}", need=need, tier=tier
    )


def danger_missing(tier: str, level: str) -> Message:
    """Say from which danger on the procedure itself proposes to lift a case."""
    return message(
        "once the danger is assessed as {level}, the procedure proposes to lift the case past the {tier}",
        level=level,
        tier=tier,
    )


def terms_missing(remaining: int, by: date) -> Message:
    """Say how many terms of the agreement are still to be performed before the case is closed."""
    return message(
        "terms of the agreement still to be performed before the case is closed: {remaining}, the last by {day}",
        remaining=remaining,
        day=by.isoformat(),
    )
