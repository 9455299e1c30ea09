"""A record cannot be taken back (rule 19)."""

from domain.errors.kinds import Refused


class RestedOn(Refused):
    """A later record rests on this one."""


class NotRetractable(Refused):
    """The record is not taken back."""


class AlreadyRetracted(Refused):
    """The record was taken back already."""


class NotYourProposal(Refused):
    """Only the one who proposed it takes it back."""
