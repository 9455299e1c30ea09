"""A row of the ledger as a case from before the system: its ids, what is recorded of it, its place in a register."""

from collections.abc import Container, Iterator
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from pydantic import ValidationError

from application.importing.entries import ParsedRow
from application.importing.errors import RowErrors
from application.ledger import ImportedRow, case_fields
from domain.aggregates.dispute import World
from domain.aggregates.dispute.decide import decide
from domain.commands.dispute import ImportDispute
from domain.commands.times import check_times
from domain.errors import DomainError
from domain.events.dispute import Imported
from domain.jurisdiction.case_number import format_case_number, parse_case_number
from domain.jurisdiction.units import with_ancestors
from domain.messages import message

_CASES: Final = UUID("7d1b8f0e-3c52-5b0a-9a55-1f0f5a2c6e43")


class Numbered(NamedTuple):
    """A place in a register."""

    keeper: str
    year: int
    n: int

    @property
    def register(self) -> tuple[str, int]:
        """The register: whose it is, and of which year."""
        return self.keeper, self.year


class ImportedCase(NamedTuple):
    """A case as it would be recorded.

    The first of its `ids` is the one that it gets. The others it would have had while another platform kept the
    register: a case that came in then is not brought in again. They follow from the number as the register would write
    it, so that two rows of one number are one case. `told` is the event as JSON.
    """

    ids: tuple[UUID, ...]
    told: bytes
    numbered: Numbered | None

    @property
    def event(self) -> Imported:
        """What would be recorded."""
        return Imported.model_validate_json(self.told)


class CaseParser:
    """Turns rows into cases. Pure: it knows these units, and the platforms of the world."""

    def __init__(self, units: Container[str], world: World) -> None:
        self._units = units
        self._world = world
        self._homes: dict[str, tuple[str, ...]] = {}
        self._keepers: dict[tuple[str, str], tuple[str, str] | None] = {}

    def case(self, entry: ParsedRow, row: ImportedRow, faults: RowErrors) -> ImportedCase | None:
        """Return a row's case; None, with faults, where there can be none."""
        keeper = self._keeper(row.unit, row.tier)
        numbered, canonical = _numbered(keeper, row.number)
        ids = self._ids(keeper, row.unit, canonical)
        try:
            command = ImportDispute.model_validate({"dispute": ids[0], **case_fields(row)})
        except ValidationError as error:
            entry.contradicted(error, faults)
            return None
        if not self._agrees(entry, row, command, faults):
            return None
        try:
            check_times(command, self._world.now)
            (fact,) = decide(command, None, self._world)
        except DomainError as error:
            entry.fault(faults, (error.field or "tier").removesuffix(".effective_on"), error.detail)
            return None
        return ImportedCase(ids, fact.event.__pydantic_serializer__.to_json(fact.event), numbered)

    def _agrees(self, entry: ParsedRow, row: ImportedRow, command: ImportDispute, faults: RowErrors) -> bool:
        """Say whether the row agrees with itself and with the units that there are."""
        missing = list(self._missing(row))
        for column, unit in missing:
            entry.fault(faults, column, message("there is no unit {unit}", unit=unit))
        if command.status != row.status:
            entry.fault(
                faults, "status", message("does not go with the agreement and the outcome of the case")
            )
        return not missing and command.status == row.status

    def _ids(self, keeper: tuple[str, str] | None, unit: str, number: str) -> tuple[UUID, ...]:
        """The id of a case, and those that it may have got while another platform kept the register."""
        home = keeper[0] if keeper else unit
        others = self._homes.get(unit)
        if others is None:
            others = tuple(
                item for item in with_ancestors(unit) if item in self._world.platforms or item == unit
            )
            self._homes[unit] = others
        return tuple(_id(fromkey, number) for fromkey in dict.fromkeys((home, *others)))

    def _missing(self, row: ImportedRow) -> Iterator[tuple[str, str]]:
        for column, unit in (("unit", row.unit), *(("co_units", item) for item in row.co_units)):
            if unit not in self._units:
                yield column, unit

    def _keeper(self, unit: str, tier: str) -> tuple[str, str] | None:
        """Whose register numbers the cases of a unit at a tier, and by which pattern."""
        if (unit, tier) not in self._keepers:
            self._keepers[unit, tier] = self._find_keeper(unit, tier)
        return self._keepers[unit, tier]

    def _find_keeper(self, unit: str, tier: str) -> tuple[str, str] | None:
        ladder = self._world.ladder
        tiers = (tier, *ladder.above(tier)) if tier in ladder.tier_names else ()
        found = self._world.first_platform(unit, tiers)
        keeper = self._world.register_of(found[1].unit) if found else None
        return (keeper.unit, keeper.about.number_pattern or "") if keeper else None


def _numbered(keeper: tuple[str, str] | None, number: str) -> tuple[Numbered | None, str]:
    """The place of a number in the register, where it follows the pattern, and how the register would write it."""
    place = parse_case_number(keeper[1], number) if keeper else None
    if keeper is None or place is None or place[0] < 1:
        return None, number
    return Numbered(keeper[0], *place), format_case_number(keeper[1], *place)


def _id(unit: str, number: str) -> UUID:
    return uuid5(_CASES, f"{unit}\n{number}")
