"""A copy of a state with some fields changed. Every fact that is folded comes through here."""

from typing import TYPE_CHECKING, TypeVar

__all__ = ["changed", "changed_again"]

if TYPE_CHECKING:
    from dataclasses import replace as changed

    _State_T = TypeVar("_State_T")

    def changed_again(state: _State_T, former: _State_T, /, **fields: object) -> _State_T:
        """Return as below; the checker of types takes these two."""
        ...

else:

    def changed(state, /, **fields):
        """Return a copy of a dataclass without slots; unlike `replace`, without asking for each other field."""
        fresh = object.__new__(type(state))
        fresh.__dict__.update(state.__dict__, **fields)
        return fresh

    def changed_again(state, former, /, **fields):
        """Return as `changed`; a state made from the former one a moment ago, and held nowhere, is not copied."""
        if state is former:
            return changed(state, **fields)
        state.__dict__.update(fields)
        return state
