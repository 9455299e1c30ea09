"""A copy of a state with some fields changed. Every fact that is folded comes through here."""

from copy import copy
from typing import TYPE_CHECKING, TypeVar

__all__ = ["changed", "changed_again"]
_State_T = TypeVar("_State_T")

if TYPE_CHECKING:
    from dataclasses import replace as changed
else:

    def changed(state, /, **fields):  # the checker of types takes the one above
        """Return a copy of a dataclass without slots; unlike `replace`, without asking for each other field."""
        fresh = object.__new__(type(state))
        fresh.__dict__.update(state.__dict__, **fields)
        return fresh


def changed_again(state: _State_T, former: _State_T, /, **fields: object) -> _State_T:
    """Return as `changed`; a state that was made from the former one a moment ago, and is held nowhere, is not copied."""
    fresh = copy(state) if state is former else state
    fresh.__dict__.update(fields)
    return fresh
