"""Tables of units, platforms, mediators and ladders as commands that add and update, and never take away."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from application.deciders.platform import pattern_facts
from application.importing.errors import RowErrors
from application.importing.parsing import ParsedRow
from application.importing.plan import ImportPlan
from application.importing.reference_lookup import ReferenceLookup
from application.tables.table import TableHead
from domain.aggregates import platform, unit
from domain.aggregates.procedure import Procedure
from domain.commands.platform import DescribePlatform, MediatorTerm
from domain.commands.unit import DescribeUnit
from domain.errors import PatternTaken, UnitMisplaced
from domain.events.mediator import MediatorRegistered
from domain.events.numbering import PatternAssigned
from domain.events.platform import PlatformEvent
from domain.events.unit import UnitEvent
from domain.jurisdiction import numbering
from domain.jurisdiction.units import parent_of
from domain.messages import Message, message
from domain.procedures.ladder import Ladder

_Appointed = list[tuple[ParsedRow, MediatorTerm]]


class ReferenceTables:
    """Checks the tables against what there is; what they will bring is known from then on."""

    def __init__(self, known: ReferenceLookup, faults: RowErrors, now: datetime) -> None:
        self._known = known
        self._faults = faults
        self._now = now
        self.plan = ImportPlan()

    async def units(self, entries: Sequence[ParsedRow]) -> None:
        """Take up the tables of units; a unit may stand before the one above it."""
        once = self._once(entries, "unit")
        parsed = [(item, command) for item in once if (command := item.parsed(DescribeUnit, self._faults))]
        await self._known.look_up(command.unit for _, command in parsed)
        coming = {command.unit for _, command in parsed}
        for entry, command in sorted(parsed, key=lambda item: item[1].unit.count(".")):
            above = parent_of(command.unit)
            if above and above not in coming and above not in self._known.units:
                entry.fault(self._faults, "unit", message("there is no unit {unit}", unit=above))
            else:
                self._unit(entry, command)

    async def platforms(self, about: Sequence[ParsedRow], people: Sequence[ParsedRow]) -> None:
        """Take up the tables of platforms and of the mediators who serve there."""
        await self._known.look_up(str(item.values["unit"]) for item in (*about, *people))
        described = {str(item.values["unit"]): item for item in self._once(about, "unit")}
        appointed = self._appointed(people)
        for name in dict.fromkeys([*described, *appointed]):
            self._platform(name, described.get(name), appointed.get(name, []))

    def ladders(
        self, parsed: Sequence[tuple[TableHead, int, Ladder]], procedures: Mapping[str, Procedure]
    ) -> None:
        """Take up ladders, which are proposed: one person's file puts nothing in force, and changes nothing that is."""
        lines: dict[str, int] = {}
        for head, line, ladder in parsed:
            procedure = procedures.get(ladder.id, Procedure())
            first = lines.get(ladder.id)
            lines.setdefault(ladder.id, line)
            wrong = _against(procedure, ladder) if first is None else _twice(first)
            if wrong:
                self._faults.add(head, line, "id", wrong)
            else:
                self.plan.ladder(ladder, new=procedure.version_of(ladder) is None)

    def _once(self, entries: Sequence[ParsedRow], *columns: str) -> Iterator[ParsedRow]:
        lines: dict[tuple[object, ...], int] = {}
        for entry in entries:
            first = lines.setdefault(tuple(entry.values[column] for column in columns), entry.line)
            if first == entry.line:
                yield entry
            else:
                entry.fault(self._faults, columns[-1], message("stands in line {line} already", line=first))

    def _unit(self, entry: ParsedRow, command: DescribeUnit) -> None:
        before = self._known.units.get(command.unit)
        try:
            facts = unit.decide(command, before, self._now)
        except UnitMisplaced as error:
            entry.fault(self._faults, "parent", error.detail)
            return
        for fact in facts:
            self._known.units[command.unit] = unit.evolve(before, cast("UnitEvent", fact.event))
        self.plan.unit(command, facts)

    def _appointed(self, people: Sequence[ParsedRow]) -> dict[str, _Appointed]:
        found: dict[str, _Appointed] = {}
        for entry in self._once(people, "unit", "id"):
            values = {name: value for name, value in entry.values.items() if name != "unit"}
            appointment = entry.parsed(MediatorTerm, self._faults, values)
            if appointment:
                found.setdefault(str(entry.values["unit"]), []).append((entry, appointment))
        return found

    def _platform(self, name: str, entry: ParsedRow | None, people: _Appointed) -> None:
        present = self._known.platforms.get(name)
        if entry is None and present is None:
            for item, _ in people:
                item.fault(self._faults, "unit", message("the unit has no platform, here or before"))
            return
        spokesman = entry or people[0][0]
        so_far = platform.described(present.about) if present else {}
        fields = {**so_far, **(entry.values if entry else {}), "unit": name, "keep_others": True}
        fields["mediators"] = [appointment for _, appointment in people]
        command = spokesman.parsed(DescribePlatform, self._faults, fields)
        if command is None:
            return
        if name not in self._known.units:
            spokesman.fault(self._faults, "unit", message("there is no unit {unit}", unit=name))
            return
        serving = frozenset(present.mediators) if present else frozenset[str]()
        facts = platform.decide(command, present, frozenset(item.id for _, item in people), self._now)
        for fact in facts:
            if not isinstance(fact.event, MediatorRegistered):
                present = platform.evolve(present, cast("PlatformEvent", fact.event))
        if not self._takes_pattern(command, spokesman):
            return
        if present:
            self._known.platforms[name] = present
        self.plan.platform(command, facts, serving, listed=entry is not None)

    def _takes_pattern(self, command: DescribePlatform, entry: ParsedRow) -> bool:
        """Say whether the platform may number by its pattern; it belongs to its register from then on (rule 25)."""
        try:
            facts = pattern_facts(command, self._known.numbering, self._now)
        except PatternTaken as error:
            entry.fault(self._faults, "number_pattern", error.detail)
            return False
        for fact in facts:
            self._known.numbering = numbering.evolve(
                self._known.numbering, cast("PatternAssigned", fact.event)
            )
        return True


def _against(procedure: Procedure, ladder: Ladder) -> Message | None:
    """Why a ladder cannot be proposed by a file, where it is not what is in force or proposed already."""
    if procedure.version_of(ladder) is not None:
        return None
    if procedure.versions:
        return message(
            "the procedure {procedure} is in force with other content, which two people have to change",
            procedure=ladder.id,
        )
    if procedure.proposal:
        return message(
            "the procedure {procedure} is proposed with other content, on which a second person decides first",
            procedure=ladder.id,
        )
    return None


def _twice(first: int) -> Message:
    return message("stands in line {line} already", line=first)
