"""The state of a dispute as of a past day: corrections and retractions take the day of what they are about (rules 13, 19)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import Explained, evolve, retracted_in
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import (
    AgreementEffectVoided,
    ClosureVoided,
    DisputeEvent,
    EscalationVoided,
    FactRetracted,
    MinutesAmended,
    ProcedureMigrated,
    SessionCorrected,
    SessionRecorded,
)
from domain.vocabulary import day_of


class Versioned(Explained, Protocol):
    """An explained event with its place in the history."""

    @property
    def version(self) -> int:
        """Its version."""
        ...


_V = TypeVar("_V", bound=Versioned)


def as_of(history: Iterable[Versioned], day: date) -> Dispute | None:
    """Fold what had happened by the end of the day, in the order in which it was recorded; None before the filing."""
    dispute: Dispute | None = None
    in_effect = tuple(in_effect_on(history, day))
    retracted = retracted_in(in_effect)
    for item in in_effect:
        before = changed(dispute, version=item.version - 1) if dispute else None
        if before is not None or item.version == 1:
            passed_over = item.version in retracted
            dispute = evolve(before, item.event, item.because, item.recorded_at, retracted=passed_over)
    return dispute


def in_effect_on(history: Iterable[_V], day: date) -> Iterator[_V]:
    """Yield the events that belong to the day or to an earlier one."""
    whole = tuple(history)
    yield from (item for item, own in zip(whole, days_of(whole), strict=True) if own <= day)


def days_of(history: tuple[Versioned, ...]) -> tuple[date, ...]:
    """Return the day to which each event of a history belongs: that of what it corrects, or its own."""
    sessions = _session_days(history)
    days: dict[int, date] = {}
    for recorded in history:
        days[recorded.version] = _day(recorded.event, sessions, days)
    effective_days = list(days.values())
    for place, item in enumerate(history):
        if isinstance(item.event, ProcedureMigrated):  # its day is at most that of the events that follow it
            effective_days[place] = min(effective_days[place:])
    return tuple(effective_days)


def _session_days(history: tuple[Versioned, ...]) -> dict[int, date]:
    """The day on which each session was held after all corrections, by session number."""
    days: dict[int, date] = {}
    for recorded in history:
        if isinstance(recorded.event, SessionRecorded):
            days[recorded.event.number] = day_of(recorded.event.held_at)
        elif isinstance(recorded.event, SessionCorrected) and recorded.event.held_at is not None:
            days[recorded.event.session] = day_of(recorded.event.held_at)
    return days


def _day(event: DisputeEvent, sessions: dict[int, date], moves: dict[int, date]) -> date:
    """The day to which an event belongs: that of what it corrects, or the one on which it happened."""
    match event:
        case SessionRecorded():
            return sessions[event.number]
        case SessionCorrected() | MinutesAmended():
            return sessions.get(event.session, day_of(event.happened_at))
        case EscalationVoided() | ClosureVoided() | AgreementEffectVoided() | FactRetracted():
            return moves.get(event.at_version, day_of(event.happened_at))
        case _:
            return day_of(event.happened_at)
