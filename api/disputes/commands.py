"""Commands to disputes: filing one, and a described route for each of the others (`api.disputes.command_endpoint` answers those)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from re import sub
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from access.decision import Action, must
from api.disputes.command_table import KINDS, ROUTES, Route
from api.disputes.schemas.command_reply import CommandReply, ReplyView, SimilarCaseView, similar_case_view
from api.http.request_checks import Caller, CheckedRoute, command_id_of, context_of, expected_versions
from api.http.services import Services, ServicesDependency
from application.context import Expected
from application.ports import Reply
from domain.aggregates.dispute import Dispute
from domain.commands.dispute import AnyDisputeCommand, FileDispute
from domain.commands.dispute.filing import Filing
from domain.events.envelope import Actor

router = APIRouter(prefix="/v1/disputes", tags=["disputes: commands"], route_class=CheckedRoute)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """Everything about a request beside its body."""

    request: Request
    response: Response
    caller: Actor
    given: Services
    dry_run: bool

    async def carry_out(
        self, command: AnyDisputeCommand, action: Action, expected: Expected, said: bytes | None = None
    ) -> Reply:
        """Hand the command to the engine, and tag the reply with the case's new version."""

        def permit(dispute: Dispute | None) -> None:
            must(self.caller, action, dispute)

        context = await context_of(
            self.request, self.caller, permit, expected=expected, dry_run=self.dry_run, said=said
        )
        reply = await self.given.command_handler.handle(command, context)
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


async def _asked(
    request: Request,
    response: Response,
    caller: Caller,
    given: ServicesDependency,
    dry_run: Annotated[bool, Query(description="say what would happen and record nothing")] = False,
    idempotency_key: Annotated[  # noqa: ARG001 - read earlier; stands here for the documentation
        str | None, Header(description="of your own choice; the same key makes a retry safe")
    ] = None,
) -> CommandRequest:
    return CommandRequest(request, response, caller, given, dry_run)


Asking = Annotated[CommandRequest, Depends(_asked)]


class FilingReply(CommandReply):
    """The reply to a filing, with open cases that look like the same one: nothing is refused because of them."""

    warnings: tuple[SimilarCaseView, ...] | None = None


@router.post("", status_code=status.HTTP_201_CREATED, response_model_exclude_none=True)
async def file_dispute(body: Filing, asked: Asking) -> FilingReply:
    """File a dispute at the tier where it starts. A retry with the same key answers with the same case."""
    command = FileDispute(dispute=uuid4(), **dict(body))
    reply = await asked.carry_out(command, Action.FILE, "any")
    asked.locate(f"/v1/disputes/{reply.id}")
    persons = [party.person for party in body.parties if party.person]
    alike = await asked.given.case_list.alike(UUID(reply.id), body.unit, body.category, persons)
    return FilingReply.of(reply, warnings=tuple(similar_case_view(item) for item in alike) or None)


def _described(route: Route) -> Callable[[UUID, CommandRequest, str | None], Awaitable[ReplyView]]:
    """What the documentation says of a command; its requests are answered before they come here (`api.disputes.command_endpoint`)."""

    async def endpoint(
        dispute: UUID,
        asked: Asking,
        if_match: Annotated[
            str | None, Header(description='the version you saw, in quotes, such as "3"; * for any')
        ] = None,
    ) -> ReplyView:
        raise NotImplementedError

    told = list(signature(endpoint).parameters.values())
    told.append(Parameter("body", Parameter.KEYWORD_ONLY, annotation=route.body))
    if route.subject is not None:
        told.append(Parameter(route.subject, Parameter.KEYWORD_ONLY, annotation=KINDS[route.subject]))
    endpoint.__signature__ = Signature(told)  # type: ignore[attr-defined]  # which the framework reads
    endpoint.__doc__ = route.command.__doc__
    return endpoint


for route in ROUTES:
    router.add_api_route(
        f"/{{dispute}}/{route.path}",
        _described(route),
        methods=["POST"],
        name=route.command.__name__,
        summary=sub(r"(?<!^)(?=[A-Z])", " ", route.command.__name__).capitalize(),
        response_model=ReplyView,
        response_model_exclude_none=True,
    )
