"""Reading a case over HTTP: whatever is shown of it, or refused, is recorded before the reply."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from access.decision import Action, must
from access.reads import CaseRead, ReadDecision, ReadKind
from access.scope import Scope
from api.http.request_checks import Caller
from api.http.services import Services, ServicesDependency
from application.case_reader import NOW, CaseSnapshot, PointInTime
from domain.errors import Forbidden, UnknownDispute, UnknownVersion
from domain.events.envelope import Actor


@dataclass(frozen=True, slots=True)
class CaseReading:
    """Reads cases for one request. Where a look cannot be recorded, nothing is shown (503)."""

    caller: Actor
    services: Services
    purpose: str | None

    async def snapshot(self, dispute: UUID, what: ReadKind, moment: PointInTime = NOW) -> CaseSnapshot:
        """Return a case; raises UnknownDispute, Forbidden, UnknownVersion, Unavailable."""
        (found,) = await self.snapshots(dispute, what, (moment,))
        return found

    async def snapshots(
        self, dispute: UUID, what: ReadKind, moments: Sequence[PointInTime]
    ) -> list[CaseSnapshot]:
        """Return a case at several points, as one look; raises as `snapshot`."""
        try:
            found = await self._permitted(dispute, moments)
        except (UnknownDispute, UnknownVersion, Forbidden):
            await self.record((dispute,), what, "refused")
            raise
        await self.record((dispute,), what)
        return found

    async def _permitted(self, dispute: UUID, moments: Sequence[PointInTime]) -> list[CaseSnapshot]:
        """Decide whose case it is before the role, and the role before whether the case has such points."""
        scope, now, reader = Scope.of(self.caller), self.services.clock(), self.services.case_reader
        try:
            found = [await reader.read(scope, dispute, now, moment) for moment in moments]
        except UnknownVersion:
            must(self.caller, Action.READ_CASE)
            raise
        must(self.caller, Action.READ_CASE)
        return found

    async def record(
        self, disputes: Iterable[UUID], what: ReadKind, decision: ReadDecision = "allowed"
    ) -> None:
        """Record a look at each of some cases; raises Unavailable."""
        now = self.services.clock()
        reads = [CaseRead(now, self.caller, item, what, self.purpose, decision) for item in disputes]
        await self.services.reads.record(reads)


async def _case_reading(
    caller: Caller,
    services: ServicesDependency,
    purpose: Annotated[
        str | None, Header(max_length=300, description="what the look is for; kept in the list of looks")
    ] = None,
) -> CaseReading:
    return CaseReading(caller, services, _utf8(purpose))


def _utf8(header: str | None) -> str | None:
    """A header as UTF-8, which clients send although the standard knows Latin-1 alone."""
    if header is None:
        return None
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


CaseReadingDependency = Annotated[CaseReading, Depends(_case_reading)]
