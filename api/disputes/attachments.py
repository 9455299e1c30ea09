"""Files of a case: put in as a form, taken out as they were."""

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
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from application.ports import Reply
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
    asked: CommandRequestDependency,
    if_match: Annotated[  # noqa: ARG001 - read where lists of versions are understood
        str | None, Header(description='the version you saw, in quotes, such as "3"; * for any')
    ] = None,
) -> CommandReply:
    """Put a file into the case file. It is stored first; its hash stands in the event."""
    form = await form_of(asked.request)
    try:
        upload = await upload_of(form)
        command = _command(dispute, fields_of(form), upload)
        return CommandReply.of(await _carry_out(command, upload, asked))
    finally:
        await form.close()


@_reading.get("/{attachment}", response_class=StreamingResponse)
async def read_attachment(
    dispute: UUID, attachment: UUID, caller: Caller, services: ServicesDependency
) -> StreamingResponse:
    """Take a file out of the case file, as it was put in."""
    file = await services.case_reader.read(dispute, services.clock())
    must(caller, Action.READ_CASE, file.dispute)
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
    return AddAttachment(
        dispute=dispute,
        attachment=uuid4(),
        **dict(exhibit),
        filename=upload.filename,
        media_type=upload.media_type or "application/octet-stream",
        size=upload.size,
        sha256=upload.sha256,
    )


async def _carry_out(command: AddAttachment, upload: Upload | None, asked: CommandRequest) -> Reply:
    said, expected = command.model_dump_json(exclude={"attachment"}).encode(), asked.expected()
    if asked.dry_run or upload is None:
        return await asked.carry_out(command, Action.ACT, expected, said)
    files = asked.services.attachments
    await files.store(command.attachment, command.dispute, asked.command_id, upload.pieces())
    try:
        reply = await asked.carry_out(command, Action.ACT, expected, said)
    except DomainError:  # after any other fault the event may be there; what it does not name is swept away
        await files.discard(command.attachment)
        raise
    if not await _named(command, asked.services):
        await files.discard(command.attachment)
    return reply


async def _named(command: AddAttachment, services: ServicesDependency) -> bool:
    """Say whether the event names this very file; that of a repeated command names the one that came first."""
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
