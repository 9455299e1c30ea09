"""Imports of spreadsheets, and the templates to fill in."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Annotated, BinaryIO, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile

from access.decision import Action, must
from api.http.multipart import UploadRoute, form_of
from api.http.problems import NotFound
from api.http.request_checks import Caller, CheckedRoute, command_id_of
from api.http.services import Services, ServicesDependency
from application.i18n import preferred
from application.importing.result import ImportResult, import_result
from application.tables.kinds import TableKind
from domain.events.envelope import Actor
from domain.messages import message
from store.spreadsheets.opening import all_opened
from store.spreadsheets.templates import MEDIA_TYPES, template

_FILES: Final = 20
"""Files of one import."""
_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "CSV, XLSX or YAML; together at most 20 MB",
                        }
                    },
                }
            }
        },
    }
}
router = APIRouter()
_importing = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=UploadRoute)
_templates = APIRouter(prefix="/v1/imports/templates", tags=["imports"], route_class=CheckedRoute)


@_importing.post("", response_model_exclude_none=True, openapi_extra=_FORM)
async def import_tables(
    request: Request,
    caller: Caller,
    services: ServicesDependency,
    dry_run: Annotated[bool, Query(description="check everything and record nothing")] = False,
    idempotency_key: Annotated[  # noqa: ARG001 - read earlier; stands here for the documentation
        str | None, Header(description="of your own choice; what came in before is left alone in any case")
    ] = None,
) -> ImportResult:
    """Import tables of units, platforms, mediators, ladders and the ledger: all of them, or where anything is wrong none.

    An interrupted import resumes, and the same tables twice change nothing: recorded rows are recognised by content.
    A new ladder is proposed: it is in force once a second person approves it.
    """
    form = await form_of(request, files=_FILES)
    try:
        uploads = [item for item in form.getlist("file") if isinstance(item, UploadFile) and item.size]
        if not uploads:
            raise RequestValidationError([{"type": "missing", "loc": ("body", "file")}])
        must(caller, Action.IMPORT)
        return await _import(uploads, request, caller, services, dry_run=dry_run)
    finally:
        await form.close()


@_templates.get("/{kind}.{file_format}", response_class=Response)
async def read_template(
    kind: TableKind, file_format: Literal["csv", "xlsx", "yaml"], request: Request, caller: Caller
) -> Response:
    """Return a table to be filled in, with an example, in the language of Accept-Language."""
    must(caller, Action.READ_REFERENCE)
    language = preferred(request.headers.get("accept-language"))
    content = await run_in_threadpool(template, kind, file_format, language)
    if content is None:
        raise NotFound(message("ladders come as YAML"))
    disposition = f'attachment; filename="{kind}.{file_format}"'
    return Response(
        content, media_type=MEDIA_TYPES[file_format], headers={"Content-Disposition": disposition}
    )


router.include_router(_importing)
router.include_router(_templates)


async def _import(
    uploads: Sequence[UploadFile], request: Request, caller: Actor, services: Services, *, dry_run: bool
) -> ImportResult:
    with ExitStack() as stack:
        files = [(stack.enter_context(_on_disk(upload)), _name(upload)) for upload in uploads]
        async with contextmanager_in_threadpool(all_opened(files)) as (tables, unreadable):
            plan, position = await services.importer.bring_in(
                tables, caller, command_id_of(request, caller), unreadable=unreadable, dry_run=dry_run
            )
    return import_result(plan, position)


def _on_disk(upload: UploadFile) -> BinaryIO:
    """Return the upload as a file with its own descriptor, which a child process can inherit; the file has no name."""
    return os.fdopen(os.dup(upload.file.fileno()), "rb")


def _name(upload: UploadFile) -> str:
    return (upload.filename or "").replace("\\", "/").rpartition("/")[2].strip()[:200] or "file"
