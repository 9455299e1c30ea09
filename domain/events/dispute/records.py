"""Danger: how great it is, and that the police know of it."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Moment, Personal, RiskLevel


class RiskAssessed(Event):
    """Somebody judged how dangerous the dispute is; the latest judgement holds."""

    TOPIC: ClassVar[str] = "dispute.risk_assessed.v1"

    level: RiskLevel
    grounds: Personal[str]
    occurred_at: Moment


class PoliceReported(Event):
    """The police were told of a danger to public order (PML 25)."""

    TOPIC: ClassVar[str] = "dispute.police_reported.v1"

    reported_to: Personal[str]
    facts: Personal[str]
    occurred_at: Moment
