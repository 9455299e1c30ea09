"""Asks every reader about a case over HTTP, in each format, and checks that each answer is well formed."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime

import httpx
import openpyxl

from domain.events.envelope import Actor
from domain.vocabulary import day_of
from tests.support.served import Served
from tests.support.world import ANALYST, AUDITOR

LANGUAGES = ("en", "zh")
GROUPINGS = ("", "tier", "category", "unit", "month", "mediator")


def read_everywhere(served: Served, case: str, position: int) -> None:
    """Ask everything that can be asked about a case, once its read models have reached a position."""
    detail = _json(served, AUDITOR, f"/v1/disputes/{case}")
    events = _events(served, case)
    _read_case(served, case, events)
    _read_lists(served, case, str(detail["unit"]), position)
    _read_feed(served, position, len(events))
    if detail["number"] is not None:
        year = day_of(_accepted_on(events)).year
        for unit in _upwards(str(detail["unit"])):
            read_ledgers(served, unit, year, str(detail["number"]), position)


def read_ledgers(served: Served, unit: str, year: int, number: str, position: int) -> None:
    """Read a unit's ledger of a year in each format and language; each must be whole and hold the number once."""
    query = {"unit": unit, "year": str(year), "min_position": str(position)}
    for reader in (AUDITOR, ANALYST):
        for language in LANGUAGES:
            for file_format, numbers in (("json", _in_json), ("csv", _in_csv), ("xlsx", _in_xlsx)):
                reply = served.ask(
                    reader, "/v1/ledger", {**query, "format": file_format}, Accept_Language=language
                )
                assert reply.status_code == 200, f"{file_format}: {reply.status_code} {reply.text[:500]}"
                found = numbers(reply)
                assert found.count(number) == 1, f"{file_format} of {unit}, {year}: {found}"


def _events(served: Served, case: str) -> list[dict[str, object]]:
    page = _json(served, AUDITOR, f"/v1/disputes/{case}/events")
    items = page["items"]
    assert isinstance(items, list)
    assert page["next"] is None
    return items


def _read_case(served: Served, case: str, events: list[dict[str, object]]) -> None:
    path = f"/v1/disputes/{case}"
    _json(served, AUDITOR, f"{path}/why")
    _json(served, AUDITOR, f"{path}/diff", **{"from": "1"})
    _json(served, AUDITOR, path, known_at=str(events[-1]["recorded_at"]))
    _json(served, AUDITOR, path, as_of="2100-12-31")
    for version in {1, len(events) // 2 + 1, len(events)}:
        _json(served, AUDITOR, path, version=str(version))


def _read_lists(served: Served, case: str, unit: str, position: int) -> None:
    fresh = str(position)
    page = _json(served, AUDITOR, "/v1/disputes", unit=unit, limit="200", min_position=fresh)
    items = page["items"]
    assert isinstance(items, list)
    assert case in {item["id"] for item in items}, "the case is not in the list"
    for scope in _upwards(unit):
        for grouping in GROUPINGS:
            by = {"by": grouping} if grouping else {}
            _json(served, ANALYST, "/v1/indicators", unit=scope, min_position=fresh, **by)
        for day in ("2026-11-01", "2100-12-30"):
            _json(served, ANALYST, "/v1/deadlines", unit=scope, limit="200", min_position=fresh, as_of=day)


def _read_feed(served: Served, position: int, events: int) -> None:
    for reader in (AUDITOR, ANALYST):
        page = _json(served, reader, "/v1/feed", after=str(max(0, position - events - 3)), limit="200")
        assert page["items"]


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


def _in_json(reply: httpx.Response) -> list[str]:
    return [item["number"] for item in json.loads(reply.content)["items"]]


def _in_csv(reply: httpx.Response) -> list[str]:
    csv.field_size_limit(2**31 - 1)
    first, *rows = csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""), strict=True)
    assert all(len(row) == len(first) for row in rows), "a row has more or fewer cells than the headings"
    return [row[0] for row in rows]


def _in_xlsx(reply: httpx.Response) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(reply.content), read_only=True)
    (sheet,) = book.worksheets
    return [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
