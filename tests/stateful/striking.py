"""What becomes of a pencilled ledger when one of its lines is struck out (rule 19).

The book is written anew without the line: what no longer has a cause is struck out with it, and the first line to
which the ledger then objects rests on it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.events.dispute import (
    AgreementReplaced,
    AgreementTookEffect,
    Closed,
    CorrectionProposed,
    CorrectionRejected,
    DisputeEvent,
    EscalationVoided,
    MinutesAmended,
    SessionCorrected,
    SessionRecorded,
)
from domain.events.envelope import Actor
from domain.procedures.rules import Because

if TYPE_CHECKING:
    from tests.stateful.ledger import Ledger

TAKEN_BACK: Final = {
    *("session_recorded", "party_added", "mediators_replaced", "opinion_given", "risk_assessed"),
    *("attachment_added", "appointment_made", "appointment_moved", "appointment_cancelled"),
    *("agreement_drafted", "agreement_signed", "term_performed", "term_breached", "term_supervised"),
    *("confirmation_requested", "confirmation_decided", "party_left", "refused", "withdrawn"),
    *("terminated", "transferred", "declined", "followed_up"),
}
"""What two people take back; besides, a closing that is a command of its own."""
APPOINTMENTS: Final = {"appointment_made", "appointment_moved", "appointment_cancelled"}
ALONE: Final = {"attachment_added", *APPOINTMENTS}
"""What its recorder takes back alone."""
_VOIDED_BY: Final = {"closed": "closure_voided", "agreement_took_effect": "agreement_effect_voided"}
_OF_A_RECORD: Final = (CorrectionProposed, SessionCorrected, CorrectionRejected, MinutesAmended)
_FOLLOWS_BY_ITSELF: Final = (Closed, AgreementTookEffect, AgreementReplaced, EscalationVoided)


def name_of(event: DisputeEvent) -> str:
    """The middle of the topic."""
    return event.TOPIC.split(".")[1]


@dataclass(frozen=True)
class Line:
    """One line of the book: what happened, because of which rule, who recorded it, by which command."""

    event: DisputeEvent
    because: Because | None
    by: Actor
    command: object

    @property
    def stated(self) -> bool:
        """Whether somebody stated it."""
        return self.because is None and not isinstance(self.event, _FOLLOWS_BY_ITSELF)


@dataclass(frozen=True)
class Removal:
    """What becomes of a book without a line: the line that rests on it, those struck out with it, the status left."""

    status: str
    rested_on: int | None = None
    undone: tuple[int, ...] = ()
    follows: tuple[str, ...] = ()


def may_be_taken_back(book: list[Line], version: int) -> bool:
    """Whether a line is one of those that people take back."""
    line = book[version - 1]
    if isinstance(line.event, Closed):
        return line.because is None and line.command != book[version - 2].command
    return line.because is None and name_of(line.event) in TAKEN_BACK


def written_anew(ledger: "Ledger", struck: frozenset[int]) -> "Ledger":
    """The book written anew, without the lines struck out."""
    fair = ledger.blank()
    for version, line in enumerate(ledger.book, start=1):
        if version in struck or _goes_with_a_session(line, ledger.book, struck):
            fair.pass_over(line)
        else:
            fair.enter_again(line)
    return fair


def removal_of(ledger: "Ledger", target: int) -> Removal:
    """Strike one line more out of the book; say what rests on it, or what goes with it."""
    fair, struck, line = ledger.blank(), {*ledger.struck, target}, ledger.book[target - 1]
    undone: list[int] = []
    for version, item in enumerate(ledger.book, start=1):
        if version > target and version not in struck and _falls(item, line, fair):
            struck.add(version)
            undone.append(version)
        if version in struck or _goes_with_a_session(item, ledger.book, frozenset(struck)):
            fair.pass_over(item)
            continue
        try:
            fair.enter_again(item)
        except AssertionError:
            if version <= target:
                raise
            return Removal(fair.status, rested_on=version)
    voided = [target, *undone] if isinstance(line.event, Closed) else undone
    names = (name_of(ledger.book[version - 1].event) for version in voided)
    follows = tuple(_VOIDED_BY[name] for name in names if name in _VOIDED_BY)
    return Removal(fair.status, undone=tuple(undone), follows=follows)


def _falls(item: Line, target: Line, fair: "Ledger") -> bool:
    """Whether a line follows from others that no longer stand."""
    match item.event:
        case Closed(outcome="performed"):
            return fair.paper is None or not fair.paper.done
        case Closed():
            return item.command == target.command and not isinstance(target.event, SessionRecorded)
        case AgreementTookEffect():
            return fair.draft is None or (fair.draft.form == "written" and not fair.is_signed())
        case AgreementReplaced():
            return not any(paper.binds for paper in fair.papers if paper.number == item.event.by)
        case _:
            return False


def _goes_with_a_session(line: Line, book: list[Line], struck: frozenset[int]) -> bool:
    """Whether a line is about the record of a session that is struck out."""
    if not isinstance(line.event, _OF_A_RECORD):
        return False
    sessions = (book[version - 1].event for version in struck)
    return any(
        isinstance(session, SessionRecorded) and session.number == line.event.session for session in sessions
    )
