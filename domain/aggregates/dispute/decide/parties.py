"""Parties, at filing and afterwards, until they leave."""

from datetime import date
from typing import Final
from uuid import UUID, uuid5

from domain.aggregates.dispute.guards import REMEDIES, must_be_undecided, party_of
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import AddParty, AmendParty
from domain.commands.dispute.ending import PartyStatement
from domain.commands.dispute.party import PartyGiven
from domain.errors import (
    DuplicateParty,
    GuardianMissing,
    LastOfItsSide,
    NothingToCorrect,
    TimeInFuture,
    TooManyParties,
)
from domain.events.dispute import Agent, Party, PartyAdded, PartyAmended, PartyLeft, RemediesNotified
from domain.events.dispute.parties import Leaving
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import day_of, limits

_STATED: Final = (
    *("role", "kind", "name", "phone", "id_number", "address"),
    *("sex", "ethnicity", "born_on", "occupation", "minor"),
)
"""What is recorded of a party as it was stated."""


def decide_add_party(command: AddParty, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Add a party while mediation goes on."""
    must_be_undecided(dispute)
    if len(dispute.parties) >= limits.CASE_PARTIES:
        raise TooManyParties(message("a case has at most {limit} parties", limit=limits.CASE_PARTIES))
    place = len(dispute.parties) + len(dispute.party_ids_given_up) + 1
    party = party_from(command.dispute, command, command.id or f"p{place}")
    must_be_another(party, dispute.parties, field="id")
    must_be_born(party, world, field="born_on")
    if party.id in dispute.party_ids_given_up:
        raise DuplicateParty(
            message("party {party} was taken back; its id is not used again", party=party.id), field="id"
        )
    added = PartyAdded(party=party, reason=command.reason, occurred_at=command.occurred_at or world.now)
    return (Fact(added),)


def decide_amend_party(command: AmendParty, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Correct the data of a party, at any time (PIPL 46)."""
    before = party_of(dispute, command.party, field="party")
    changes = command.model_dump(include=set(command.changes))
    unmarked = "minor" in command.changes and not command.minor
    after = Party.model_validate(before.model_dump() | changes | ({"minor": False} if unmarked else {}))
    must_be_born(after, world, field="born_on")
    if after.minor is True and (after.agent is None or after.agent.authority != "guardian"):
        raise GuardianMissing(message("a minor has a guardian as agent"), field="agent")
    if after == before:
        raise NothingToCorrect(message("party {party} is recorded like that", party=command.party))
    return (Fact(PartyAmended(party=after, reason=command.reason, occurred_at=command.occurred_at)),)


def leaving(
    statement: PartyStatement, how: Leaving, dispute: Dispute, *, settled: bool = False
) -> tuple[Fact, ...]:
    """Let a party leave for itself, notified of other remedies; raises LastOfItsSide, GoesBackwards (rule 21)."""
    side = party_of(dispute, statement.party, field="party").role
    if sum(party.role == side for party in dispute.present_parties) == 1:
        raise LastOfItsSide(
            message("nobody else is on the side of party {party}; the case would end", party=statement.party)
        )
    must_follow(statement.occurred_at, day_of(dispute.filed.occurred_at))
    left = PartyLeft(
        party=statement.party,
        how=how,
        settled=settled,
        note=statement.note,
        occurred_at=statement.occurred_at,
    )
    notified = RemediesNotified(remedies=REMEDIES, party=left.party, occurred_at=left.occurred_at)
    return (Fact(left), Fact(notified))


def parties_from(dispute: UUID, given: tuple[PartyGiven, ...], world: World) -> tuple[Party, ...]:
    """Return the parties of a filing; those without an id become `p1`, `p2` … in order."""
    parties = tuple(
        party_from(dispute, item, item.id or f"p{place}") for place, item in enumerate(given, start=1)
    )
    for place, party in enumerate(parties):
        must_be_another(party, parties[:place], field=f"parties.{place}.id")
        must_be_born(party, world, field=f"parties.{place}.born_on")
    return parties


def party_from(dispute: UUID, given: PartyGiven, party: str) -> Party:
    """Return a party; whose person nobody named gets an identity of their own."""
    stated = {name: getattr(given, name) for name in _STATED}
    agent = Agent(**dict(given.agent)) if given.agent else None
    return Party(id=party, person=given.person or uuid5(dispute, party), agent=agent, **stated)


def must_be_born(party: Party, world: World, *, field: str) -> None:
    """Refuse a day of birth that is still to come; raises TimeInFuture."""
    if isinstance(party.born_on, date) and party.born_on > day_of(world.now):
        raise TimeInFuture(message("what has not happened yet cannot be recorded"), field=field)


def must_be_another(party: Party, others: tuple[Party, ...], *, field: str) -> None:
    """Refuse a party with the id of another one; raises DuplicateParty."""
    if any(other.id == party.id for other in others):
        raise DuplicateParty(message("two parties would have the same id"), field=field)
