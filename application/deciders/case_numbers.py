"""From which register a case gets its number, and which number comes next there (rules 3, 25)."""

from collections.abc import Iterable, Iterator
from itertools import count
from uuid import UUID

from application.deciders.platform import PLATFORMS
from application.deciders.register import REGISTERS
from application.stream_cache import StreamKind, StreamStates
from domain.aggregates.dispute import Dispute
from domain.commands.dispute import AcceptDispute
from domain.events.streams import imported_case_stream
from domain.jurisdiction.case_number import format_case_number
from domain.jurisdiction.register import Register
from domain.jurisdiction.units import with_ancestors
from domain.vocabulary import day_of


def register_key(command: AcceptDispute, dispute: Dispute, states: StreamStates) -> Iterable[tuple[str, int]]:
    """Yield the register from which the dispute gets its number, if it has none: the nearest platform's that keeps one."""
    if dispute.number:
        return
    for unit in with_ancestors(dispute.platform):
        platform = states.get(PLATFORMS, unit)
        day = day_of(command.occurred_at)
        if platform is not None and platform.on(day).about.number_pattern:
            yield platform.unit, day.year
            return


def next_numbers(
    command: AcceptDispute,
    dispute: Dispute,
    states: StreamStates,
    cases: StreamKind[UUID, Dispute],
) -> Iterator[tuple[int, UUID]]:
    """Yield the next number of the register, with the case that would have it had it been imported; more while there is one."""
    for unit, year in register_key(command, dispute, states):
        platform = states.get(PLATFORMS, unit)
        pattern = platform.on(day_of(command.occurred_at)).about.number_pattern if platform else None
        register = states.get(REGISTERS, (unit, year)) or Register()
        for n in count(register.last + 1) if pattern else ():
            case = imported_case_stream(format_case_number(pattern or "", year, n))
            yield n, case
            if states.get(cases, case) is None:
                return
