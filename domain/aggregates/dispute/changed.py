"""A copy of a state with some fields changed. Every fact that is folded comes through here."""

from typing import TYPE_CHECKING, TypeVar

__all__ = ["changed", "changed_again"]

if TYPE_CHECKING:
    from dataclasses import replace as changed

    _State_T = TypeVar("_State_T")

    def changed_again(state: _State_T, former: _State_T, /, **fields: object) -> _State_T:
        """Return as the one below, which the checker of types does not see."""
        ...

else:

    def changed(state, /, **fields):
        """Return a copy of a dataclass without slots; unlike `replace`, without asking for each other field."""
        fresh = object.__new__(type(state))
        fresh.__dict__.update(state.__dict__, **fields)
        return fresh

    def changed_again(state, former, /, **fields):
        """Return a state with these fields changed. It is changed in place, unless it is the former one itself.

        So the caller must own it: nobody else may hold it yet.
        """
        if state is former:
            return changed(state, **fields)
        state.__dict__.update(fields)
        return state
