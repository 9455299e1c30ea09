"""Asks every reader about a case over HTTP, in each format, and checks that each answer is well formed."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
import openpyxl

from domain.events.envelope import Actor
from domain.vocabulary import day_of
from tests.support.served import Served
from tests.support.world import ANALYST, AUDITOR

LANGUAGES = ("en", "zh")
EXCELS_CELL = 32_767
"""UTF-16 code units that a spreadsheet program keeps in one cell."""
GROUPINGS = ("", "tier", "category", "unit", "month", "mediator")


@dataclass(frozen=True, slots=True)
class CaseRead:
    """What the readers of all cases need to know of one: where it stands, and in which ledger."""

    case: str
    unit: str
    number: str | None
    year: int | None
    """The year of its first acceptance, by which it stands in a ledger."""
    events: int


def read_everywhere(served: Served, case: str, position: int) -> None:
    """Ask everything that can be asked about a case, once its read models have reached a position."""
    read_together(served, [read_case(served, case)], position)


def read_together(served: Served, cases: Sequence[CaseRead], position: int) -> None:
    """Ask every reader that shows many cases at once; each must show each of them, all of one unit."""
    (unit,) = {item.unit for item in cases}
    _read_lists(served, {item.case for item in cases}, unit, position)
    _read_feed(served, position, sum(item.events for item in cases))
    for year in {item.year for item in cases if item.year is not None}:
        numbers = [item.number for item in cases if item.year == year and item.number is not None]
        for scope in _upwards(unit):
            read_ledgers(served, scope, year, numbers, position)


def read_ledgers(served: Served, unit: str, year: int, numbers: Sequence[str], position: int) -> None:
    """Read a unit's ledger of a year in each format and language; each must be whole and hold each number once."""
    query = {"unit": unit, "year": str(year), "min_position": str(position)}
    for reader in (AUDITOR, ANALYST):
        for language in LANGUAGES:
            filled = []
            for file_format, rows_in in (("json", _in_json), ("csv", _in_csv), ("xlsx", _in_xlsx)):
                reply = served.ask(
                    reader, "/v1/ledger", {**query, "format": file_format}, Accept_Language=language
                )
                assert reply.status_code == 200, f"{file_format}: {reply.status_code} {reply.text[:500]}"
                rows = rows_in(reply)
                found = Counter(number for number, _ in rows)
                wrong = [number for number in numbers if found[number] != 1]
                assert not wrong, f"{file_format} of {unit}, {year}: {wrong[:3]} not once in {len(found)}"
                filled.append(dict(rows))
            assert filled[1] == filled[2], f"{unit}, {year}: the workbook has other cells filled than the CSV"


def _events(served: Served, case: str) -> list[dict[str, object]]:
    page = _json(served, AUDITOR, f"/v1/disputes/{case}/events")
    items = page["items"]
    assert isinstance(items, list)
    assert page["next"] is None
    return items


def read_case(served: Served, case: str) -> CaseRead:
    """Ask everything about one case alone; returns what the readers of all cases need to know of it."""
    path = f"/v1/disputes/{case}"
    detail, events = _json(served, AUDITOR, path), _events(served, case)
    _json(served, AUDITOR, f"{path}/why")
    _json(served, AUDITOR, f"{path}/diff", **{"from": "1"})
    _json(served, AUDITOR, path, known_at=str(events[-1]["recorded_at"]), as_of="2100-12-31")
    _json(served, AUDITOR, path, version=str(len(events) // 2 + 1))
    number = str(detail["number"]) if detail["number"] is not None else None
    year = day_of(_accepted_on(events)).year if number is not None else None
    return CaseRead(case, str(detail["unit"]), number, year, len(events))


def _read_lists(served: Served, cases: set[str], unit: str, position: int) -> None:
    fresh = str(position)
    listed = {
        str(item["id"]) for item in _pages(served, AUDITOR, "/v1/disputes", unit=unit, min_position=fresh)
    }
    assert cases <= listed, f"not in the list: {sorted(cases - listed)[:3]}"
    for scope in _upwards(unit):
        for grouping in GROUPINGS:
            by = {"by": grouping} if grouping else {}
            _json(served, ANALYST, "/v1/indicators", unit=scope, min_position=fresh, **by)
        for day in ("2026-11-01", "2100-12-30"):
            _pages(served, ANALYST, "/v1/deadlines", unit=scope, min_position=fresh, as_of=day)


def _pages(served: Served, reader: Actor, path: str, **query: str) -> list[dict[str, object]]:
    """Read a list to its end."""
    found: list[dict[str, object]] = []
    cursor: dict[str, str] = {}
    while True:
        page = _json(served, reader, path, limit="200", **query, **cursor)
        assert isinstance(page["items"], list)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": str(page["next"])}


def _read_feed(served: Served, position: int, events: int) -> None:
    for reader in (AUDITOR, ANALYST):
        after = max(0, position - events - 3)
        while after < position:
            page = _json(served, reader, "/v1/feed", after=str(after), limit="200")
            assert isinstance(page["items"], list)
            assert page["items"]
            after = int(page["items"][-1]["position"])


def _accepted_on(events: list[dict[str, object]]) -> datetime:
    """The day of the first acceptance, by which a case stands in the ledger of a year."""
    for event in events:
        data = event["data"]
        assert isinstance(data, dict)
        if event["type"] in {"dispute.accepted.v1", "dispute.imported.v1"}:
            return datetime.fromisoformat(str(data.get("accepted_at") or data["occurred_at"]))
    raise AssertionError("a case with a number was never accepted")


def _upwards(unit: str) -> Iterator[str]:
    """A unit and all above it: in whose ledgers its cases stand."""
    parts = unit.split(".")
    yield from (".".join(parts[:length]) for length in range(len(parts), 0, -1))


def _json(served: Served, reader: Actor, path: str, **query: str) -> dict[str, object]:
    reply = served.ask(reader, path, query)
    assert reply.status_code == 200, f"{path} {query}: {reply.status_code} {reply.text[:500]}"
    found: dict[str, object] = json.loads(reply.content)
    return found


def _in_json(reply: httpx.Response) -> list[tuple[str, int]]:
    """Return the rows' numbers, each with how many of its fields say something; likewise for the other formats."""
    items = json.loads(reply.content)["items"]
    return [(item["number"], sum(value not in (None, "", []) for value in item.values())) for item in items]


def _in_csv(reply: httpx.Response) -> list[tuple[str, int]]:
    csv.field_size_limit(2**31 - 1)
    first, *rows = csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""), strict=True)
    assert all(len(row) == len(first) for row in rows), "a row has more or fewer cells than the headings"
    return [(row[0], sum(cell != "" for cell in row)) for row in rows]


def _in_xlsx(reply: httpx.Response) -> list[tuple[str, int]]:
    book = openpyxl.load_workbook(io.BytesIO(reply.content), read_only=True)
    (sheet,) = book.worksheets
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    silent = [cell for row in rows for cell in row if isinstance(cell, str) and _is_cut_silently(cell)]
    assert not silent, f"a cell holds more than a workbook can and does not say so: {silent[0][-20:]!r}"
    return [(str(row[0]), sum(cell not in (None, "") for cell in row)) for row in rows]


def _is_cut_silently(cell: str) -> bool:
    units = len(cell.encode("utf-16-le")) // 2
    return units >= EXCELS_CELL and not cell.endswith(("]", "】"))
