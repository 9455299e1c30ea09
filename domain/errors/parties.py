"""What a party may not do, or not without the others."""

from domain.errors.kinds import Refused


class NotAnApplicant(Refused):
    """Only an applicant may withdraw the case."""


class ConsentMissing(Refused):
    """Not every party has consented."""


class PartyHasLeft(Refused):
    """The party has left the case."""


class LastOfItsSide(Refused):
    """Nobody else is left on that side."""
