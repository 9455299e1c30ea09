"""What becomes of an agreement's terms, one by one (PML 31). `term` counts from 1 in the order of the agreement.

`agreement` is the number of the agreement; it is left out for the first one of a case.
"""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Added, Fen, Personal, PositiveInt, RecordedMoment


class TermPerformed(Event):
    """A term was performed, in time or late: in part where `amount_fen` is given, otherwise all that was left."""

    TOPIC: ClassVar[str] = "dispute.term_performed.v1"
    WHEN: ClassVar[str] = "performed_on"

    term: PositiveInt
    performed_on: date
    note: Personal[str] | None
    amount_fen: Added[Fen | None] = None
    agreement: Added[PositiveInt | None] = None


class TermBreached(Event):
    """A term was found unperformed after its due day, or a standing term broken."""

    TOPIC: ClassVar[str] = "dispute.term_breached.v1"
    WHEN: ClassVar[str] = "found_on"

    term: PositiveInt
    found_on: date
    note: Personal[str]
    agreement: Added[PositiveInt | None] = None


class TermSupervised(Event):
    """The platform urged the debtor to perform (PML 31)."""

    TOPIC: ClassVar[str] = "dispute.term_supervised.v1"

    term: PositiveInt
    note: Personal[str]
    occurred_at: RecordedMoment
    agreement: Added[PositiveInt | None] = None
