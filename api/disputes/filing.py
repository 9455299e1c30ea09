"""Filing a dispute, and `CommandRequest`, which other routes of commands share."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from access.decision import must_file
from api.disputes.schemas.command_reply import (
    CommandReply,
    WarningView,
    warnings_of,
)
from api.disputes.similar_cases import like_filed
from api.http.request_checks import (
    Caller,
    CheckedRoute,
    command_id_of,
    context_of,
    expected_versions,
    meaning,
)
from api.http.services import Services, ServicesDependency
from application.context import Expected, Permit
from application.ports import Reply
from domain.commands.dispute import AnyDisputeCommand, FileDispute
from domain.commands.dispute.filing import Filing
from domain.events.envelope import Actor

router = APIRouter(prefix="/v1/disputes", tags=["disputes: commands"], route_class=CheckedRoute)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command's request without its body."""

    request: Request
    response: Response
    caller: Actor
    services: Services
    dry_run: bool

    async def carry_out(
        self, command: AnyDisputeCommand, permit: Permit, expected: Expected, made_up: str
    ) -> Reply:
        """Hand the command to the command handler, and tag the reply with the case's new version.

        `made_up` names the field whose value is new in each request and does not come from the caller.
        """
        said = meaning(command, without=frozenset({made_up}))
        context = context_of(
            self.request, self.caller, permit, expected=expected, said=said, dry_run=self.dry_run
        )
        reply = await self.services.command_handler.handle(command, context)
        self.response.headers["ETag"] = f'"{reply.version}"'
        return reply

    @property
    def command_id(self) -> UUID:
        """The id of the request's command."""
        return command_id_of(self.request, self.caller)

    def expected(self) -> Expected:
        """Return which versions the caller saw."""
        return expected_versions(self.request)

    def locate(self, path: str) -> None:
        """Say where the new thing is."""
        self.response.headers["Location"] = path


async def _command_request(
    request: Request,
    response: Response,
    caller: Caller,
    services: ServicesDependency,
    dry_run: Annotated[bool, Query(description="say what would happen and record nothing")] = False,
    idempotency_key: Annotated[  # noqa: ARG001 - read earlier; stands here for the documentation
        str | None, Header(description="of your own choice; the same key makes a retry safe")
    ] = None,
) -> CommandRequest:
    return CommandRequest(request, response, caller, services, dry_run)


CommandRequestDependency = Annotated[CommandRequest, Depends(_command_request)]


class FilingReply(CommandReply):
    """The reply to a filing, with what looks like the same case or party: nothing is refused because of it."""

    warnings: tuple[WarningView, ...] | None = None


@router.post("", status_code=status.HTTP_201_CREATED, response_model_exclude_none=True)
async def file_dispute(body: Filing, request: CommandRequestDependency) -> FilingReply:
    """File a dispute at the tier where it starts. A retry with the same key answers with the same case."""
    command = FileDispute(dispute=uuid4(), **dict(body))
    units = (command.unit, *command.co_units)
    reply = await request.carry_out(
        command, lambda _: must_file(request.caller, units), expected="any", made_up="dispute"
    )
    request.locate(f"/v1/disputes/{reply.id}")
    alike = await like_filed(body, reply, request.caller, request.services)
    return FilingReply.of(reply, warnings=(*warnings_of(reply), *alike) or None)
