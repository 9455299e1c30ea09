"""Parses the rows of a table: values by column; of the ledger, the case that a row describes; or what is wrong."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ValidationError

from application.importing.errors import RowErrors
from application.ladder_validation import checked_ladder
from application.ledger import ImportedRow, case_fields
from application.structured_text.document import Document
from application.tables.headings import HeadingError, Reading, blank, reading
from application.tables.kinds import TableKind
from application.tables.table import NotATable, Row, Table, TableHead
from application.validation_messages import FieldError, field_errors
from domain.aggregates.dispute import World
from domain.aggregates.dispute.decide import decide
from domain.commands.dispute import ImportDispute
from domain.commands.times import check_times
from domain.errors import DomainError, LadderFlawed
from domain.events.dispute import Imported
from domain.events.streams import imported_case_stream
from domain.jurisdiction.numbering import Numbered, Numbering
from domain.jurisdiction.units import with_ancestors
from domain.messages import Message, message
from domain.procedures.ladder import Ladder

_ModelT = TypeVar("_ModelT", bound=BaseModel)
_COLUMN_OF_SENTENCE: Final[Mapping[str, str]] = {
    "the term ends before it begins": "term_ends_on",
    "a term of office lasts at most three years": "term_ends_on",
    "a closed case has an outcome, and only a closed one": "outcome",
    "a case that has a number was accepted": "status",
    "an agreement has a form and a day": "agreed_on",
    "an outcome and the day of closing go together": "closed_on",
    "a case that has a number was not declined": "outcome",
    "a duplicate is closed in the system, where its other case is known": "outcome",
    "this outcome rests on an agreement, of which nothing is said": "agreement_form",
    "a case that waits for acceptance has neither an agreement nor an outcome": "status",
}
"""What is said of a row as a whole, by the column where people would put it right."""
_COLUMN_OF_FIELD: Final[Mapping[str, str]] = {
    "occurred_at": "filed_on",
    "accepted_at": "accepted_on",
    "closed_at": "closed_on",
    "agreement": "agreed_on",
}

_COLUMN_OF_AGREEMENT: Final[Mapping[str, str]] = {
    "form": "agreement_form",
    "obligation": "obligations",
    "amount_fen": "agreed_fen",
    "due_on": "due_on",
}
"""The columns from which the parts of an agreement come; of others, the day on which it was reached."""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row: what it says, and how its table calls the columns."""

    head: TableHead
    reading: Reading
    line: int
    values: Mapping[str, object]

    def fault(self, faults: RowErrors, column: str, detail: Message) -> None:
        """Note a fault of this row."""
        name = _COLUMN_OF_FIELD.get(column, column)
        faults.add(self.head, self.line, self.reading.shown(name) if name else "", detail)

    def parsed(
        self, model: type[_ModelT], faults: RowErrors, values: Mapping[str, object] | None = None
    ) -> _ModelT | None:
        """Return the row as what it means; None, with faults, where it means nothing."""
        try:
            return model.model_validate(self.values if values is None else values)
        except ValidationError as error:
            self.add_errors(error, faults)
            return None

    def add_errors(self, error: ValidationError, faults: RowErrors) -> None:
        """Note what a model says against the row."""
        for item in _errors_of(error):
            column = _COLUMN_OF_SENTENCE.get(item.detail.template) or self._column(item.field)
            if column is not None:
                self.fault(faults, column, item.detail)

    def _column(self, field: str) -> str | None:
        """Of which column a field of the case is; "" where it is the whole row's, None where another error covers it."""
        name, _, rest = field.partition(".")
        if name == "agreement":
            return _COLUMN_OF_AGREEMENT.get(rest.rpartition(".")[2], name)
        if name != "parties":
            return "" if name == _ROW else name
        place, applicants = rest.partition(".")[0], self.values.get("applicants")
        if not place.isdigit() or not isinstance(applicants, tuple):
            return None
        return "applicants" if int(place) < len(applicants) else "respondents"


_ROW: Final = "row"


def entries(kind: TableKind, table: Table, faults: RowErrors) -> Iterator[ParsedRow]:
    """Yield the rows that can be read; what cannot goes to `faults`, and with it every row under faulty headings."""
    head = table.head
    found, wrong = reading(kind, head.cells, keyed=head.keyed)
    for item in wrong:
        faults.add(head, head.line, item.column, item.detail)
    try:
        yield from entries_of(head, found, table.rows(), faults, sound=not wrong)
    except NotATable as error:
        faults.unreadable(error)


def entries_of(
    head: TableHead, found: Reading, rows: Iterable[Row], faults: RowErrors, *, sound: bool
) -> Iterator[ParsedRow]:
    """Yield those of some rows that can be read; none of them where the headings are not sound."""
    for line, cells in rows:
        if blank(cells):
            continue
        findings: list[HeadingError] = []
        values = found.values(cells, findings)
        for finding in findings:
            faults.add(head, line, finding.column, finding.detail)
        if not findings and sound:
            yield ParsedRow(head, found, line, values)


def ladders(table: Table, faults: RowErrors) -> Iterator[tuple[TableHead, int, Ladder]]:
    """Yield the ladders of a table, each with its line; all that is wrong with one goes to `faults`."""
    for line, cells in table.rows():
        try:
            yield table.head, line, checked_ladder(Document.unpacked(str(cells[0])))
        except LadderFlawed as error:
            for flaw in error.flaws:
                faults.add(table.head, flaw.line or line, flaw.field, flaw.detail)


def _errors_of(error: ValidationError) -> list[FieldError]:
    found = error.errors(
        include_url=False
    )  # what was sent tells an echo of another error; no sentence repeats it
    return field_errors([{**item, "loc": (_ROW, *item["loc"])} for item in found])


_CASES: Final = UUID("7d1b8f0e-3c52-5b0a-9a55-1f0f5a2c6e43")


class ImportedCase(NamedTuple):
    """A case as it would be recorded.

    The first of its `ids` is the one that it gets: it follows from the number alone, so that two rows of one number, in
    whatever spelling and unit, are one case (rule 25). The others a case got in earlier versions of the program: one that
    came in then is not brought in again. `event_json` is the event.
    """

    ids: tuple[UUID, ...]
    event_json: bytes
    numbered: Numbered | None

    @property
    def event(self) -> Imported:
        """What would be recorded."""
        return Imported.model_validate_json(self.event_json)


class CaseParser:
    """Turns rows into cases. Pure: it knows these units, the platforms of the world, and the patterns of numbers."""

    def __init__(self, units: Container[str], world: World, numbering: Numbering) -> None:
        self._units = units
        self._world = world
        self._numbering = numbering
        self._homes: dict[str, tuple[str, ...]] = {}
        self._keepers: dict[tuple[str, str], str | None] = {}

    def case(self, entry: ParsedRow, row: ImportedRow, faults: RowErrors) -> ImportedCase | None:
        """Return a row's case; None, with faults, where there can be none."""
        numbered, canonical = self._numbering.place_of(row.number) or (None, row.number)
        ids = self._ids(row, canonical)
        try:
            command = ImportDispute.model_validate({"dispute": ids[0], **case_fields(row)})
        except ValidationError as error:
            entry.add_errors(error, faults)
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

    def _ids(self, row: ImportedRow, canonical: str) -> tuple[UUID, ...]:
        """The id of a case, and those that it may have got in earlier versions."""
        unit = row.unit
        home = self._keeper(unit, row.tier) or unit
        others = self._homes.get(unit)
        if others is None:
            others = tuple(
                item for item in with_ancestors(unit) if item in self._world.platforms or item == unit
            )
            self._homes[unit] = others
        homes = dict.fromkeys((home, *others))
        earlier = (_id(item, number) for number in {canonical, row.number} for item in homes)
        return (imported_case_stream(canonical), *earlier)

    def _missing(self, row: ImportedRow) -> Iterator[tuple[str, str]]:
        for column, unit in (("unit", row.unit), *(("co_units", item) for item in row.co_units)):
            if unit not in self._units:
                yield column, unit

    def _keeper(self, unit: str, tier: str) -> str | None:
        """Whose register numbers the cases of a unit at a tier."""
        if (unit, tier) not in self._keepers:
            self._keepers[unit, tier] = self._find_keeper(unit, tier)
        return self._keepers[unit, tier]

    def _find_keeper(self, unit: str, tier: str) -> str | None:
        ladder = self._world.ladder
        tiers = (tier, *ladder.above(tier)) if tier in ladder.tier_names else ()
        found = self._world.first_platform(unit, tiers)
        keeper = self._world.register_of(found[1].unit) if found else None
        return keeper.unit if keeper else None


def _id(unit: str, number: str) -> UUID:
    return uuid5(_CASES, f"{unit}\n{number}")
