"""The ledger (台账) of a unit and a year, as JSON, CSV and XLSX."""

import tempfile
from pathlib import Path
from typing import Annotated, BinaryIO, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from access.decision import Action, may, must
from access.scope import Scope
from api.http.query_params import must_be_fresh, past_moment
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.ledger.schemas import LedgerQuery, LedgerView
from api.reads.reading import CaseReading, CaseReadingDependency
from application.i18n import Language, preferred
from application.ledger import PERSONAL
from application.tables.kinds import TableKind
from application.tables.writing import sheet_name
from projections.runtime.past_states import PastMoment
from store.spreadsheets.ledger import STREAMED, FileFormat, Rows, ledger_xlsx

router = APIRouter(prefix="/v1/ledger", tags=["figures"], route_class=CheckedRoute)
_TYPES: Final[dict[FileFormat, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get(
    "",
    response_model=LedgerView,
    responses={200: {"content": {_TYPES["csv"].partition(";")[0]: {}, _TYPES["xlsx"]: {}}}},
)
async def read_ledger(
    query: Annotated[LedgerQuery, Query()],
    caller: Caller,
    services: ServicesDependency,
    reading: CaseReadingDependency,
    request: Request,
) -> Response:
    """Read the ledger; without personal data where the role does not allow it.

    A workbook's cell holds 32,767 characters: a longer one is cut and says so, and the header `Cells-Cut` counts them.
    """
    await services.known_units.must_include(query.unit)
    must(caller, Action.READ_LEDGER)
    await must_be_fresh(query.min_position, services.ledger, services.case_list)
    moment = past_moment(services.clock(), query.as_of, query.known_at)
    year = query.year or moment.judged_on.year
    rows = await _recorded_rows(reading, query.unit, year, moment.past)
    language = preferred(request.headers.get("accept-language"))
    name = "-".join(filter(None, (sheet_name(TableKind.LEDGER, language), query.unit, str(year))))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{query.format}"}
    if query.format == "xlsx":
        path, cut = await _xlsx_file(rows, language)
        if cut:
            headers["Cells-Cut"] = str(cut)
            headers["Warning"] = f'299 - "{cut} cells hold more than a workbook can; they are cut and say so"'
        forget = BackgroundTask(path.unlink)
        return FileResponse(path, media_type=_TYPES["xlsx"], headers=headers, background=forget)
    pieces = STREAMED[query.format](rows, language)
    kind = _TYPES[query.format]
    return StreamingResponse(pieces, media_type=kind, headers=headers if query.format == "csv" else None)


async def _recorded_rows(reading: CaseReading, unit: str | None, year: int, past: PastMoment | None) -> Rows:
    """Return the rows that the caller may see, each recorded as a look before it is shown."""
    rows = reading.services.ledger.rows(
        Scope.of(reading.caller),
        unit,
        year,
        past,
        before_page=lambda cases: reading.record(cases, "export"),
    )
    begun = await _begun(rows)
    return begun if may(reading.caller, Action.SEE_PEOPLE) else _without_people(begun)


async def _begun(rows: Rows) -> Rows:
    """Fetch the first row before the reply begins: what cannot be read, or not be recorded, is a problem."""
    first = await anext(rows, None)

    async def all_rows() -> Rows:
        if first is not None:
            yield first
            async for row in rows:
                yield row

    return all_rows()


async def _xlsx_file(rows: Rows, language: Language) -> tuple[Path, int]:
    """Write the whole XLSX file before the reply begins: an error is a problem, not a cut file.

    Returns where it is, and how many of its cells were cut.
    """
    with tempfile.NamedTemporaryFile(prefix="tiaochu-", suffix=".xlsx", delete=False) as file:
        cut = await ledger_xlsx(rows, cast("BinaryIO", file), language)
    return Path(file.name), cut


async def _without_people(rows: Rows) -> Rows:
    blank = {name: ("",) if name in {"applicants", "respondents", "mediators"} else "" for name in PERSONAL}
    async for row in rows:
        yield row.model_copy(update=blank)
