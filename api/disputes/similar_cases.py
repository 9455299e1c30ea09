"""Cases that look like one of which a party was recorded: a warning in the reply, nothing is refused (rule 23)."""

from collections.abc import Iterable
from uuid import UUID

from access.reads import CaseRead
from access.scope import Scope
from api.disputes.clashes import PATIENCE
from api.disputes.schemas.command_reply import WarningView, similar_case_warning
from api.http.services import Services
from application.ports import Reply, Unavailable
from domain.aggregates.dispute import Dispute
from domain.commands.dispute import AddParty, AmendParty, ExistingDisputeCommand
from domain.commands.dispute.filing import Filing
from domain.events.envelope import Actor
from domain.vocabulary import folded_number
from projections.case_list.schemas import LookedFor

Named = Iterable[tuple[UUID | None, str | None]]
"""People, each by the identity and the identity number that were given of them."""


async def like_filed(filing: Filing, reply: Reply, reader: Actor, services: Services) -> list[WarningView]:
    """Return a warning for each case like the one filed."""
    persons, numbers = _known((party.person, party.id_number) for party in filing.parties)
    looked_for = LookedFor(UUID(reply.id), filing.unit, filing.category, filing.occurred_at, persons, numbers)
    return await _warnings(looked_for, reply, reader, services)


async def like_joined(
    command: ExistingDisputeCommand, dispute: Dispute | None, reply: Reply, reader: Actor, services: Services
) -> list[WarningView]:
    """Return a warning for each case that shares a person who joined the dispute, or was identified there."""
    if dispute is None or not isinstance(command, AddParty | AmendParty):
        return []
    filed = dispute.filed
    persons, numbers = _known([(command.person, command.id_number)])
    looked_for = LookedFor(command.dispute, filed.unit, filed.category, filed.occurred_at, persons, numbers)
    return await _warnings(looked_for, reply, reader, services)


def _known(people: Named) -> tuple[list[UUID], list[str]]:
    known = list(people)
    persons = [person for person, _ in known if person]
    return persons, [folded_number(number) for _, number in known if number]


async def _warnings(
    looked_for: LookedFor, reply: Reply, reader: Actor, services: Services
) -> list[WarningView]:
    """Ask the case list, by what it knows after a short wait for what came before."""
    if not looked_for.persons and not looked_for.numbers:
        return []
    cases = services.case_list
    await cases.reaches(reply.position or await cases.end(), patience=PATIENCE)
    found = await cases.alike(Scope.of(reader), looked_for)
    now = services.clock()
    try:
        await services.reads.record([CaseRead(now, reader, case.id, "search") for case in found])
    except Unavailable:  # the command is recorded; what its sender may not see unrecorded is left out
        return []
    return [similar_case_warning(case) for case in found]
