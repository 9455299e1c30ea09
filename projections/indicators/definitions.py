"""The indicators: what each counts of the steps of cases, and what it means."""

from dataclasses import dataclass
from typing import Final, LiteralString

from domain.messages import Message, message

_CONCLUDED: Final = "kind IN ('agreed', 'ended')"


@dataclass(frozen=True, slots=True)
class Share:
    """Cases (or `sessions`) of one sort ÷ those of another, in the period; the conditions are of `case_steps`.

    Without a denominator it is a number of cases. `tiers`: there is a value for each tier.
    """

    key: str
    meaning: Message
    numerator: LiteralString
    denominator: LiteralString | None
    tiers: bool = False
    sessions: bool = False


SHARES: Final = (
    Share(
        "accepted",
        message(
            "cases accepted for the first time in the period; acceptances at a further tier and reopenings are left out"
        ),
        "kind = 'accepted'",
        None,
    ),
    Share(
        "success_rate",
        message(
            "cases with an agreement in effect ÷ cases concluded, in the period; cases closed before any acceptance"
            " (declined, refused, withdrawn) are left out"
        ),
        "kind = 'agreed'",
        _CONCLUDED,
    ),
    Share(
        "success_rate_of_accepted",
        message(
            "cases with an agreement in effect ÷ cases accepted for the first time, each counted in the period in which"
            " it happened"
        ),
        "kind = 'agreed'",
        "kind = 'accepted'",
    ),
    Share(
        "tier_resolution_rate",
        message(
            "cases agreed at the tier ÷ cases concluded there or moved up from there; cases closed before any"
            " acceptance are left out"
        ),
        "kind = 'agreed'",
        "kind IN ('agreed', 'ended', 'moved_up')",
        tiers=True,
    ),
    Share(
        "escalation_rate",
        message(
            "cases moved up from the tier ÷ cases that entered it, by an acceptance there or by a reopening; what a"
            " voided escalation moved is left out"
        ),
        "kind = 'moved_up'",
        "kind = 'entered'",
        tiers=True,
    ),
    Share(
        "escalation_rate_threshold",
        message("cases moved up from the tier by the number of failed sessions ÷ cases that entered it"),
        "kind = 'moved_up' AND detail = 'threshold'",
        "kind = 'entered'",
        tiers=True,
    ),
    Share(
        "escalation_rate_bypass",
        message("cases lifted past the count by two people ÷ cases that entered the tier"),
        "kind = 'moved_up' AND detail = 'bypass'",
        "kind = 'entered'",
        tiers=True,
    ),
    Share(
        "escalation_rate_overdue",
        message("cases moved up because a time limit had run out ÷ cases that entered the tier"),
        "kind = 'moved_up' AND detail = 'overdue'",
        "kind = 'entered'",
        tiers=True,
    ),
    Share(
        "last_session_yield",
        message("cases agreed at the session before which one failure was missing ÷ cases that reached it"),
        "kind = 'session' AND last_chance AND detail = 'agreed'",
        "kind = 'session' AND last_chance",
        tiers=True,
    ),
    Share(
        "not_held_rate",
        message("sessions adjourned or to which nobody came ÷ sessions called"),
        "kind = 'session' AND detail IN ('adjourned', 'no_show')",
        "kind = 'session'",
        sessions=True,
    ),
)
SETTLED_WITHIN: Final = message("cases agreed at the tier or below ÷ all cases agreed")
SESSIONS: Final = message("median number of sessions held before the agreement, over the cases agreed")
SESSIONS_THERE: Final = message(
    "median number of sessions held at the tier before the agreement, over the cases agreed there"
)
OVERDUE: Final = message(
    "open cases (filed, accepted or escalated) past their time limit to accept or to mediate ÷ open cases, on the day;"
    " terms of agreements and follow-up visits are left out, imported cases that nobody moved have no time limit"
)
