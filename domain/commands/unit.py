"""Describing units of the jurisdiction tree."""

from typing import ClassVar

from domain.commands.base import Command
from domain.vocabulary import Key, ShortText, UnitId


class UnitDescription(Command):
    """What a unit is. Its id spells its parent; `parent` may repeat it."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    title: ShortText
    kind: Key
    parent: UnitId | None = None


class DescribeUnit(UnitDescription):
    """Establish a unit, or change its title or kind."""

    unit: UnitId
