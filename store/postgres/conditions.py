"""Conditions of SQL that queries of several tables share: a unit with all below it, and the cases of a scope."""

from typing import Final

from psycopg.sql import SQL, Composable

from access.scope import Scope

_ALL: Final = SQL("TRUE")
_NONE: Final = SQL("FALSE")
_OWN: Final = SQL("""units @> ARRAY[%(scope_unit)s::text] AND EXISTS (
    SELECT FROM unnest(platforms || co_units) AS own WHERE own = %(scope_unit)s OR own LIKE %(below_scope_unit)s)""")
_OF_OWN: Final = SQL("dispute IN (SELECT dispute FROM caseload WHERE {own})").format(own=_OWN)


def literally(text: str) -> str:
    """Return the pattern of LIKE that matches a text literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def below(unit: str) -> str:
    """Return the pattern of LIKE for every unit below this one."""
    return f"{literally(unit)}.%"


def own(scope: Scope) -> Composable:
    """Return the condition that a row of the case list is in a scope (`Scope.includes`); takes `scope_values`."""
    return _ALL if scope.everything else _OWN if scope.unit else _NONE


def visible(scope: Scope) -> Composable:
    """Return the condition that the case of a row of another table is in a scope; takes `scope_values`."""
    return _ALL if scope.everything else _OF_OWN if scope.unit else _NONE


def scope_values(scope: Scope) -> dict[str, object]:
    """Return the values of `own` and `visible`."""
    return {"scope_unit": scope.unit, "below_scope_unit": below(scope.unit or "")}
