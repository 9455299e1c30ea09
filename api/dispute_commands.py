"""Commands to disputes: one route each. The body is the command; the path says to which dispute."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from access.decision import Action, must
from api.manners import Caller, MannerlyRoute, context_of, expected_versions
from api.services import Given
from application.context import Expected
from application.ports import Reply
from domain.aggregates.dispute import Dispute
from domain.commands.base import Command
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    DeclineDispute,
    ExistingDisputeCommand,
    FileDispute,
    GiveOpinion,
    RecordSession,
    RefuseMediation,
    ReturnDispute,
    TerminateMediation,
    WithdrawDispute,
)
from domain.commands.dispute.acceptance import Acceptance, Returning
from domain.commands.dispute.advice import Opinion
from domain.commands.dispute.ending import PartyStatement, Termination
from domain.commands.dispute.filing import Declining, Filing
from domain.commands.dispute.sessions import Sitting

router = APIRouter(prefix="/v1/disputes", tags=["disputes: commands"], route_class=MannerlyRoute)


class Route(NamedTuple):
    """A route below a dispute: its path, what its body is, and which command that makes."""

    path: str
    body: type[Command]
    command: type[ExistingDisputeCommand]


ROUTES: Final = (
    Route("acceptance", Acceptance, AcceptDispute),
    Route("decline", Declining, DeclineDispute),
    Route("return", Returning, ReturnDispute),
    Route("sessions", Sitting, RecordSession),
    Route("opinions", Opinion, GiveOpinion),
    Route("refusal", PartyStatement, RefuseMediation),
    Route("withdrawal", PartyStatement, WithdrawDispute),
    Route("termination", Termination, TerminateMediation),
)


class Asked:
    """Everything about a request beside its body."""

    def __init__(
        self,
        request: Request,
        response: Response,
        caller: Caller,
        given: Given,
        dry_run: Annotated[bool, Query(description="say what would happen and record nothing")] = False,
        idempotency_key: Annotated[  # noqa: ARG002 - read earlier; stands here for the documentation
            str | None, Header(description="of your own choice; the same key makes a retry safe")
        ] = None,
    ) -> None:
        self._request = request
        self._response = response
        self._caller = caller
        self._given = given
        self._dry_run = dry_run

    async def carry_out(self, command: AnyDisputeCommand, action: Action, expected: Expected) -> Reply:
        """Hand the command to the engine, and tag the reply with the case's new version."""

        def permit(dispute: Dispute | None) -> None:
            must(self._caller, action, dispute)

        context = await context_of(
            self._request, self._caller, permit, expected=expected, dry_run=self._dry_run
        )
        reply = await self._given.engine.handle(command, context)
        self._response.headers["ETag"] = f'"{reply.version}"'
        return reply

    def expected(self) -> Expected:
        """Return which versions the caller saw."""
        return expected_versions(self._request)

    def locate(self, path: str) -> None:
        """Say where the new thing is."""
        self._response.headers["Location"] = path


Asking = Annotated[Asked, Depends()]


@router.post("", status_code=status.HTTP_201_CREATED, response_model_exclude_none=True)
async def file_dispute(body: Filing, asked: Asking) -> Reply:
    """File a dispute at the tier where it starts. A retry with the same key answers with the same case."""
    command = FileDispute(dispute=uuid4(), **dict(body))
    reply = await asked.carry_out(command, Action.FILE, "any")
    asked.locate(f"/v1/disputes/{reply.id}")
    return reply


def _endpoint(route: Route) -> Callable[[UUID, Command, Asked, str | None], Awaitable[Reply]]:
    async def endpoint(
        dispute: UUID,
        body: Command,
        asked: Asking,
        if_match: Annotated[  # noqa: ARG001 - read where lists of versions are understood
            str | None, Header(description='the version you saw, in quotes, such as "3"; * for any')
        ] = None,
    ) -> Reply:
        command = route.command(dispute=dispute, **dict(body))
        return await asked.carry_out(command, Action.ACT, asked.expected())

    endpoint.__annotations__["body"] = route.body
    endpoint.__doc__ = route.command.__doc__
    return endpoint


for each in ROUTES:
    router.add_api_route(
        f"/{{dispute}}/{each.path}",
        _endpoint(each),
        methods=["POST"],
        name=each.command.__name__,
        response_model=Reply,
        response_model_exclude_none=True,
    )
