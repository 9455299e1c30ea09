"""Attachments of a case: uploaded as a form, downloaded unchanged."""

from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Header
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from access.decision import Action, must
from api.disputes.filing import CommandRequest, CommandRequestDependency
from api.disputes.schemas.command_reply import CommandReply
from api.http.multipart import Upload, UploadRoute, fields_of, form_of, upload_of
from api.http.request_checks import CheckedRoute
from api.http.services import ServicesDependency
from api.reads.reading import CaseReadingDependency
from application.ports import Reply
from domain.aggregates.dispute import Dispute
from domain.commands.dispute import AddAttachment
from domain.commands.dispute.records import Exhibit
from domain.errors import DomainError, UnknownAttachment
from domain.events.dispute import AttachmentAdded
from domain.messages import message

_PREFIX: Final = "/v1/disputes/{dispute}/attachments"
router = APIRouter()
_uploading = APIRouter(prefix=_PREFIX, tags=["disputes: commands"], route_class=UploadRoute)
_reading = APIRouter(prefix=_PREFIX, tags=["disputes: reading"], route_class=CheckedRoute)
_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "kind", "title", "occurred_at"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "at most 20 MB, no program",
                        },
                        **Exhibit.model_json_schema()["properties"],
                    },
                }
            }
        },
    }
}


@_uploading.post("", response_model_exclude_none=True, openapi_extra=_FORM)
async def add_attachment(
    dispute: UUID,
    command_request: CommandRequestDependency,
    if_match: Annotated[  # noqa: ARG001 - read where lists of versions are understood
        str | None, Header(description='the version you saw, in quotes, such as "3"; * for any')
    ] = None,
) -> CommandReply:
    """Add a file to the case. The file is stored first; its hash stands in the event."""
    form = await form_of(command_request.request)
    try:
        upload = await upload_of(form)
        command = _command(dispute, fields_of(form), upload)
        return CommandReply.of(await _store_and_handle(command, upload, command_request))
    finally:
        await form.close()


@_reading.get("/{attachment}", response_class=StreamingResponse)
async def read_attachment(
    dispute: UUID, attachment: UUID, services: ServicesDependency, reading: CaseReadingDependency
) -> StreamingResponse:
    """Download a file of the case, unchanged."""
    file = await reading.snapshot(dispute, "attachment")
    for recorded in file.history:
        if isinstance(recorded.event, AttachmentAdded) and recorded.event.attachment == attachment:
            return _download(recorded.event, dispute, services)
    raise UnknownAttachment(message("the case has no such attachment"))


router.include_router(_uploading)
router.include_router(_reading)


def _command(dispute: UUID, fields: object, upload: Upload | None) -> AddAttachment:
    try:
        exhibit = Exhibit.model_validate(fields)
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        raise RequestValidationError(found) from None
    if upload is None:
        raise RequestValidationError([{"type": "missing", "loc": ("body", "file")}])
    try:
        return AddAttachment(
            dispute=dispute,
            attachment=uuid4(),
            **dict(exhibit),
            filename=upload.filename,
            media_type=upload.media_type or "application/octet-stream",
            size=upload.size,
            sha256=upload.sha256,
        )
    except ValidationError as error:  # the name or the kind of the file
        found = [{**item, "loc": ("body", "file")} for item in error.errors()]
        raise RequestValidationError(found) from None


async def _store_and_handle(
    command: AddAttachment, upload: Upload | None, command_request: CommandRequest
) -> Reply:
    expected = command_request.expected()

    def permit(_: Dispute | None) -> None:
        must(command_request.caller, Action.ACT)

    if command_request.dry_run or upload is None:
        return await command_request.carry_out(command, permit, expected, "attachment")
    files = command_request.services.attachments
    await files.store(command.attachment, command.dispute, command_request.command_id, upload.pieces())
    try:
        reply = await command_request.carry_out(command, permit, expected, "attachment")
    except (
        DomainError
    ):  # after any other error the event may be recorded; files without an event are removed later
        await files.discard(command.attachment)
        raise
    if not await _is_in_event(command, command_request.services):
        await files.discard(command.attachment)
    return reply


async def _is_in_event(command: AddAttachment, services: ServicesDependency) -> bool:
    """Say whether the recorded event names this file; the event of a repeated command names the first one."""
    history = await services.case_reader.history(command.dispute)
    return any(
        isinstance(recorded.event, AttachmentAdded) and recorded.event.attachment == command.attachment
        for recorded in history
    )


def _download(event: AttachmentAdded, dispute: UUID, services: ServicesDependency) -> StreamingResponse:
    name = event.filename if isinstance(event.filename, str) else "file"
    return StreamingResponse(
        services.attachments.read(event.attachment, dispute),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Content-Length": str(event.size),
            "ETag": f'"{event.sha256}"',
        },
    )
