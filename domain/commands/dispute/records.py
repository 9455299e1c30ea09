"""Danger."""

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Moment, RiskLevel, ShortText


class Assessment(Command):
    """How dangerous the dispute is, and what shows it."""

    level: RiskLevel
    grounds: LongText
    occurred_at: Moment


class AssessRisk(DisputeCommand, Assessment):
    """Record how dangerous the dispute is."""


class Report(Command):
    """Whom the police report went to, and of what."""

    reported_to: ShortText
    facts: LongText
    occurred_at: Moment


class ReportToPolice(DisputeCommand, Report):
    """Record that the police were told of a danger; no count or status stands in its way (PML 25)."""
