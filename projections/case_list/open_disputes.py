"""Which open disputes stand under a version of a procedure."""

from collections.abc import Sequence
from typing import ClassVar, Final
from uuid import UUID

from domain.procedures.ladder import ProcedureRef
from projections.case_list.projection import CaseListProjection
from projections.runtime.read_model import ReadModel, below
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_UNDER: Final = """
SELECT dispute, opened FROM caseload
WHERE procedure = %(id)s AND procedure_version = %(version)s AND status <> 'closed' AND opened > %(after)s
  AND (%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)
ORDER BY opened LIMIT %(limit)s
"""


class OpenDisputesByVersion(ReadModel):
    """Asks the case list."""

    NAME: ClassVar[str] = CaseListProjection.NAME

    async def under(
        self, procedure: ProcedureRef, unit: str | None, after: int, limit: int
    ) -> Sequence[tuple[UUID, int]]:
        """Return up to `limit` open disputes under a version, in the order of their filing, beyond a place."""
        asked = {"unit": unit, "below": below(unit or ""), "after": after, "limit": limit}
        async with connection_of(self._pool) as connection:
            found = await connection.execute(_UNDER, {**asked, **procedure.model_dump()})
            return [(typed(UUID, row[0]), typed(int, row[1])) for row in await found.fetchall()]
