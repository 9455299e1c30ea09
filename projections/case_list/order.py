"""The orders of the case list: the latest filed first, or what is due first."""

from typing import Final, LiteralString

from projections.case_list.schemas import CaseCursor, Sort

ORDERS: Final[dict[Sort, LiteralString]] = {
    "filed": "filed_on DESC, opened DESC",
    "due": "due_on, opened DESC",
}
"""PostgreSQL sorts NULL last: cases without a due day come last."""
_AFTER: Final = "(filed_on, opened) < (coalesce(%(place)s::date, 'infinity'), %(opened)s)"
_AFTER_UNDUE: Final = "due_on IS NULL AND opened < %(opened)s"
_AFTER_DUE: Final = "(due_on > %(place)s OR due_on IS NULL OR due_on = %(place)s AND opened < %(opened)s)"


def beyond(place: CaseCursor, sort: Sort) -> LiteralString:
    """Return the condition that a row comes after a place."""
    if sort == "filed":
        return _AFTER
    return _AFTER_UNDUE if place.day is None else _AFTER_DUE


def place_values(place: CaseCursor | None) -> dict[str, object]:
    """Return the parameters of the condition."""
    return {} if place is None else {"place": place.day, "opened": place.opened}
