"""Commands and events of the later stages of a case, by their fields: times as `2026-03-20` or `2026-03-20 14:00`."""

from datetime import date
from typing import TypeVar

from domain.commands.base import DisputeCommand
from domain.events.dispute import (
    AgreementDrafted,
    AgreementSigned,
    AgreementTookEffect,
    CorrectionProposed,
    EscalationProposed,
    SessionCorrected,
)
from domain.events.envelope import Actor, Fact
from domain.vocabulary import Role, Rule
from tests.support.specification import DISPUTE, accepted, because, escalated, failed, filed, moment, sat

_CommandT = TypeVar("_CommandT", bound=DisputeCommand)
_MOMENTS = frozenset({"occurred_at", "reached_at", "signed_at", "held_at", "at"})

SEALING_SUN = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")
SEALING_ZHOU = Actor(sub="zhou", role=Role.CONVENER, unit="dongguang.c02")
QIAN = Actor(sub="qian", role=Role.MEDIATOR, unit="dongguang")
WANG = Actor(sub="wang", role=Role.MEDIATOR, unit="dongguang.c02.y01")
ACCEPTED = (filed(), accepted("community", "sun"))
FIVE = (*ACCEPTED, *failed(5))
BECAUSE_OF_FIVE = because(Rule.FAILED_SESSIONS, "community", 5, *failed(5))
RISEN = (*FIVE, Fact(escalated(at="2026-03-08 14:00"), BECAUSE_OF_FIVE))
"""Five failed sessions, the last on the eighth of March, took the case to the street."""
ABOVE = (*RISEN, accepted("street", "zhao", at="2026-03-10", number=None))
"""The street has accepted it."""
TERM = {"debtor": "p2", "creditor": "p1", "obligation": "清理", "due_on": date(2026, 4, 10)}


def ask(command: type[_CommandT], **fields: object) -> _CommandT:
    """A command to the usual case."""
    told = {
        name: moment(value) if name in _MOMENTS and isinstance(value, str) else value
        for name, value in fields.items()
    }
    return command.model_validate({"dispute": DISPUTE, **told})


def drafted(
    form: str = "written", at: str = "2026-03-20 15:00", *terms: dict[str, object]
) -> AgreementDrafted:
    """The parties reached an agreement of one term, or of others."""
    body = {"form": form, "terms": terms or (TERM,), "record": None, "reached_at": moment(at)}
    return AgreementDrafted.model_validate(body)


def signed(by: str, at: str = "2026-03-20 16:00") -> AgreementSigned:
    """Somebody signed, by a party's id, a mediator's name or a unit."""
    kind = (
        "unit" if "dongguang" in by else "mediator" if by in {"sun", "li", "wu", "zhou", "zhao"} else "party"
    )
    return AgreementSigned.model_validate({kind: by, "signed_at": moment(at)})


def in_effect(on: str = "2026-03-20") -> AgreementTookEffect:
    """The agreement binds."""
    return AgreementTookEffect(effective_on=date.fromisoformat(on))


AGREED_ON = (*ACCEPTED, sat(1, "agreed", at="2026-03-20"))
DRAFTED = (*AGREED_ON, drafted())
BOUND = (*DRAFTED, *map(signed, ("p1", "p2", "sun", "dongguang.c01")), in_effect())
"""A written agreement in effect from the twentieth of March, one term due on the tenth of April."""


def wrongly_recorded(
    session: int, outcome: str | None = "adjourned", by: str = "sun", at: str = "2026-03-20", **more: object
) -> CorrectionProposed:
    """Somebody says that a session was otherwise."""
    body = {
        "session": session,
        "outcome": outcome,
        "held_at": None,
        "attendance": None,
        "minutes": None,
        "reason": "当日实为改期",
        "proposed_by": by,
        "occurred_at": moment(at),
    }
    return CorrectionProposed.model_validate(body | more)


def corrected(session: int, outcome: str | None = "adjourned", at: str = "2026-03-21") -> SessionCorrected:
    """A second person agreed."""
    body = {
        "session": session,
        "outcome": outcome,
        "held_at": None,
        "attendance": None,
        "minutes": None,
        "note": None,
        "occurred_at": moment(at),
    }
    return SessionCorrected.model_validate(body)


def lift_proposed(by: str = "sun", at: str = "2026-03-20", grounds: str = "risk") -> EscalationProposed:
    """Somebody wants to lift the case to the street."""
    body = {
        "grounds": grounds,
        "to_tier": "street",
        "platform": "dongguang",
        "reason": "持刀",
        "proposed_by": by,
    }
    return EscalationProposed.model_validate({**body, "occurred_at": moment(at)})
