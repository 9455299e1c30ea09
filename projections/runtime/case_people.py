"""How a case is found by its people: the parties that it has, and those that it had."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.events.dispute import Party
from domain.vocabulary import folded, folded_number


@dataclass(frozen=True, slots=True)
class CasePeople:
    """The keys of the parties of a case (`party_keys`), computed once for as long as these are its parties.

    `past_keys` are the keys and the ids of the persons that were ever parties, these included.
    """

    parties: tuple[Party, ...]
    keys: frozenset[str]
    past_keys: frozenset[str]

    @classmethod
    def of(cls, parties: tuple[Party, ...], past_keys: Iterable[str] = ()) -> "CasePeople":
        """Return the keys of these parties, beside the keys of former ones."""
        keys = party_keys(parties)
        return cls(parties, keys, keys.union(past_keys, [str(party.person) for party in parties]))

    def become(self, parties: tuple[Party, ...]) -> "CasePeople":
        """Return the people once these are the parties; the same where nothing changed."""
        return self if parties is self.parties else CasePeople.of(parties, self.past_keys)


def party_keys(parties: Iterable[Party]) -> frozenset[str]:
    """Return the names and numbers by which a case is found, each whole and folded: who searches must know them."""
    return frozenset([key for party in parties for key in _keys(party) if key])


def _keys(party: Party) -> Iterator[str]:
    if isinstance(party.name, str):
        yield folded(party.name)
    if isinstance(party.phone, str):
        yield folded_number(party.phone)
    if isinstance(party.id_number, str):
        yield folded_number(party.id_number)
