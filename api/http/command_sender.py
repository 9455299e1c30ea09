"""Sends a command about reference data for a request, and tags the reply with the version that came of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from access.decision import Action, must
from api.http.request_checks import Caller, context_of, context_of_put, expected_versions, meaning
from api.http.services import Services, ServicesDependency
from application.context import Context, Permit
from application.ports import Reply
from domain.commands.base import Command
from domain.events.envelope import Actor


@dataclass(frozen=True, slots=True)
class CommandSender:
    """The request with its caller, ready to have a command carried out."""

    request: Request
    response: Response
    caller: Actor
    services: Services

    async def describe(self, command: Command, action: Action, *, dry_run: bool = False) -> Reply:
        """Carry out a description: it needs no Idempotency-Key, and leaves alone what is so already.

        Raises Forbidden where the caller may not do the action.
        """
        permit = self._permit(action)
        return await self._send(command, context_of_put(self.request, self.caller, permit, dry_run=dry_run))

    async def decide(self, command: Command, action: Action) -> Reply:
        """Carry out a decision once, whatever the version unless the request names one; raises Forbidden as `describe`."""
        expected = expected_versions(self.request)
        context = context_of(
            self.request,
            self.caller,
            self._permit(action),
            expected="any" if expected is None else expected,
            said=meaning(command),
        )
        return await self._send(command, context)

    def _permit(self, action: Action) -> Permit:
        return lambda _: must(self.caller, action)

    async def _send(self, command: Command, context: Context) -> Reply:
        reply = await self.services.command_handler.handle(command, context)
        self.response.headers["ETag"] = f'"{reply.version}"'
        return reply


async def _sender(
    request: Request, response: Response, caller: Caller, services: ServicesDependency
) -> CommandSender:  # a dependency that is not async, as a class is, goes through a thread
    return CommandSender(request, response, caller, services)


Sender = Annotated[CommandSender, Depends(_sender)]
"""The sender of a request's command."""
