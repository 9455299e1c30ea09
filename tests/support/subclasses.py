"""Every class that descends from another."""

from typing import TypeVar

import application.deciders  # noqa: F401 - with it every command and every event is loaded

_T = TypeVar("_T")


def all_subclasses(parent: type[_T]) -> set[type[_T]]:
    """Return the classes below a class, however far, that the product defines."""
    found = {item for child in parent.__subclasses__() for item in (child, *all_subclasses(child))}
    return {item for item in found if not item.__module__.startswith("tests.")}
