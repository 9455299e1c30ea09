"""Cursors in a query: texts that a page gave, checked before they are used."""

from collections.abc import Callable

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def read_by(read: Callable[[str], object]) -> AfterValidator:
    """Return a check that a text can be read as a place between pages; raises what reads as a badly written field."""

    def checked(cursor: str) -> str:
        try:
            read(cursor)
        except ValueError:
            raise PydanticCustomError("string_pattern_mismatch", "is no cursor") from None
        return cursor

    return AfterValidator(checked)
