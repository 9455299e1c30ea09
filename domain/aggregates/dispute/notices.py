"""Notices: warnings to the person who records a fact, which is recorded all the same (rule 23)."""

from collections.abc import Collection, Iterable, Iterator

from domain.aggregates.dispute.notice import (
    AbsentSide,
    MissingSeats,
    Notice,
    SimilarParty,
    SimilarSession,
)
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.aggregates.dispute.world import World
from domain.events.dispute import Filed, Party, PartyAdded, PartyAmended, SessionCorrected, SessionRecorded
from domain.events.envelope import Event, Fact
from domain.procedures.panel import vacancy
from domain.vocabulary import SessionOutcome, day_of, folded, folded_number


def notices(facts: Iterable[Fact], dispute: Dispute, world: World) -> tuple[Notice, ...]:
    """Return the notices about facts that a decision brought about; `dispute` is the state after them."""
    return tuple(notice for fact in facts for notice in _notices(fact.event, dispute, world))


def _notices(event: Event, dispute: Dispute, world: World) -> Iterator[Notice]:
    match event:
        case SessionRecorded():
            yield from _of_session(dispute.session(event.number), dispute, world)
        case SessionCorrected() if event.outcome or event.held_at or event.attendance is not None:
            yield from _of_session(dispute.session(event.session), dispute, world)
        case Filed():
            yield from similar_parties(event.parties, range(len(event.parties)))
        case PartyAdded() | PartyAmended():
            places = (place for place, party in enumerate(dispute.parties) if party.id == event.party.id)
            yield from similar_parties(dispute.parties, places)
        case _:
            pass


def _of_session(session: Session | None, dispute: Dispute, world: World) -> Iterator[Notice]:
    if session is None:
        return
    found = vacancy(world.ladder.tier(session.tier), session.counted.outcome, session.seats)
    if found:
        yield MissingSeats(tier=session.tier, seats=found.missing, taken=found.taken, need=found.need)
    if session.counted.outcome is SessionOutcome.AGREED and session.people:
        yield from absent_sides(session, dispute)
    other = similar_session(session, dispute)
    if other is not None:
        yield SimilarSession(session=session.counted.number, resembles=other)


def absent_sides(session: Session, dispute: Dispute) -> Iterator[AbsentSide]:
    """Yield the sides of which nobody, and no agent of anybody, was at a session; who had left by its day has none."""
    day = day_of(session.counted.held_at)
    sides = {
        party.id: party.role
        for party in dispute.parties
        if party.id not in dispute.departures or day_of(dispute.departures[party.id].occurred_at) > day
    }
    represented = {sides.get(party) for party in session.parties}
    for side in dict.fromkeys(sides.values()):
        if side not in represented:
            yield AbsentSide(session=session.counted.number, side=side)


def similar_session(session: Session, dispute: Dispute) -> int | None:
    """Return the first other session that began at the same moment with the same people, where these are stated."""
    if not session.people:
        return None
    held_at, number = session.counted.held_at, session.counted.number
    moment = hash(held_at)  # a datetime caches its hash; a comparison computes both offsets each time
    for other in dispute.sessions:
        counted = other.counted
        if hash(counted.held_at) != moment or counted.number == number or other.retracted:
            continue
        if counted.held_at == held_at and _folded(other.people) == _folded(session.people):
            return counted.number
    return None


def similar_parties(parties: tuple[Party, ...], places: Iterable[int]) -> Iterator[SimilarParty]:
    """Yield, for each party at these places, the first other one with its number, and with its name and telephone.

    One of each is enough: two hundred parties that are all alike would make twenty thousand pairs.
    """
    keys = [tuple(_keys(party)) for party in parties]
    by_key: dict[str, list[int]] = {}
    for place, own in enumerate(keys):
        for key in own:
            by_key.setdefault(key, []).append(place)
    pairs = set[tuple[int, int]]()
    for place in places:
        firsts = {next((other for other in by_key[key] if other != place), None) for key in keys[place]}
        for other in sorted(other for other in firsts if other is not None):
            earlier, later = sorted((place, other))
            if (earlier, later) not in pairs:
                pairs.add((earlier, later))
                yield SimilarParty(party=parties[later].id, resembles=parties[earlier].id)


def _keys(party: Party) -> Iterator[str]:
    """What makes two parties look like one: the identity number, or the name with the telephone, each folded."""
    if isinstance(party.id_number, str):
        yield f"number {folded_number(party.id_number)}"
    if isinstance(party.name, str) and isinstance(party.phone, str):
        yield f"name {folded(party.name)} {folded_number(party.phone)}"


def _folded(people: Collection[str]) -> frozenset[str]:
    return frozenset(map(folded, people))
