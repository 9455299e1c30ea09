"""Putting procedures in force."""

from typing import ClassVar

from domain.commands.base import Command, Verdict
from domain.procedures.ladder import Ladder
from domain.vocabulary import Key, PositiveInt


class PublishProcedure(Command):
    """Put a version of a procedure in force at once, without a second person: only the system does so, at its set-up."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    ladder: Ladder


class ProposeProcedure(Command):
    """Propose a version of a procedure, on which a second person decides."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    ladder: Ladder


class ProcedureVerdict(Verdict):
    """What a second person says of a proposed version."""

    procedure: Key
    version: PositiveInt


class ApproveProcedure(ProcedureVerdict):
    """Put the proposed version in force, as a second person."""


class RejectProcedure(ProcedureVerdict):
    """Refuse the proposed version, as a second person; what is in force stays."""


ProcedureCommand = PublishProcedure | ProposeProcedure | ApproveProcedure | RejectProcedure
