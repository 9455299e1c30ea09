"""The rows of a table as entries: values by column, or faults."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from application.importing.errors import RowErrors
from application.ladder_validation import checked_ladder
from application.structured_text.document import Document
from application.tables.headings import Finding, Reading, blank, reading
from application.tables.kinds import TableKind
from application.tables.table import NotATable, Row, Table, TableHead
from application.validation_messages import FieldError, field_errors
from domain.errors import LadderFlawed
from domain.messages import Message
from domain.procedures.ladder import Ladder

_ModelT = TypeVar("_ModelT", bound=BaseModel)
_SPOKEN_OF: Final[Mapping[str, str]] = {
    "the term ends before it begins": "term_ends_on",
    "a term of office lasts at most three years": "term_ends_on",
    "a closed case has an outcome, and only a closed one": "outcome",
    "a case that has a number was accepted": "status",
    "an agreement has a form and a day": "agreed_on",
    "an outcome and the day of closing go together": "closed_on",
    "a case that has a number was not declined": "outcome",
    "this outcome rests on an agreement, of which nothing is said": "agreement_form",
    "a case that waits for acceptance has neither an agreement nor an outcome": "status",
    "filing, acceptance, agreement and closing follow each other by day": "accepted_on",
}
"""What is said of a row as a whole, by the column where people would put it right."""
_CALLED: Final[Mapping[str, str]] = {
    "occurred_at": "filed_on",
    "accepted_at": "accepted_on",
    "closed_at": "closed_on",
    "agreement": "agreed_on",
}


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row: what it says, and how its table calls the columns."""

    head: TableHead
    reading: Reading
    line: int
    values: Mapping[str, object]

    def fault(self, faults: RowErrors, column: str, detail: Message) -> None:
        """Note a fault of this row."""
        name = _CALLED.get(column, column)
        faults.add(self.head, self.line, self.reading.shown(name) if name else "", detail)

    def understood(
        self, model: type[_ModelT], faults: RowErrors, values: Mapping[str, object] | None = None
    ) -> _ModelT | None:
        """Return the row as what it means; None, with faults, where it means nothing."""
        try:
            return model.model_validate(self.values if values is None else values)
        except ValidationError as error:
            self.contradicted(error, faults)
            return None

    def contradicted(self, error: ValidationError, faults: RowErrors) -> None:
        """Note what a model says against the row."""
        for item in _told(error):
            column = _SPOKEN_OF.get(item.detail.template) or self._column(item.field)
            if column is not None:
                self.fault(faults, column, item.detail)

    def _column(self, field: str) -> str | None:
        """Of which column a field of the case is; "" where it is the whole row's, None where another fault tells it."""
        name, _, rest = field.partition(".")
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
        findings: list[Finding] = []
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


def _told(error: ValidationError) -> list[FieldError]:
    found = error.errors(include_url=False, include_input=False)
    return field_errors([{**item, "loc": (_ROW, *item["loc"])} for item in found])
