"""The request makes no sense, or names something that does not exist."""

from domain.errors.kinds import Invalid, Missing


class TimeInFuture(Invalid):
    """The time lies in the future."""


class UnknownUnit(Invalid):
    """There is no such unit."""


class UnknownParty(Invalid):
    """There is no such party in this case."""


class UnknownMediator(Invalid):
    """There is no such mediator."""


class UnknownProcedure(Invalid):
    """There is no such procedure in force."""


class UnknownProcedureVersion(Missing):
    """There is no such version of a procedure."""


class UnknownTier(Invalid):
    """The procedure has no such tier."""


class UnknownDispute(Missing):
    """There is no such case."""


class UnknownOtherCase(Invalid):
    """There is no such other case."""


class UnknownVersion(Missing):
    """The case has no such version."""


class KeyReused(Invalid):
    """The idempotency key was used before for another request."""


class UnknownSeat(Invalid):
    """Nobody knows such a seat of a panel."""


class UnknownGroup(Invalid):
    """Nobody knows such a working group."""


class GuardianMissing(Invalid):
    """A minor has no guardian."""


class DuplicateParty(Invalid):
    """Two parties have the same id."""


class UnitMisplaced(Invalid):
    """The unit's id does not spell its parent."""


class UnknownSession(Missing):
    """The case has no such session."""


class UnknownEvent(Missing):
    """The case has no such event."""


class UnknownTerm(Missing):
    """The agreement has no such term."""


class UnknownAppointment(Missing):
    """The case has no such appointment."""


class UnknownAttachment(Missing):
    """The case has no such attachment."""


class ExecutableFile(Invalid):
    """The file is a program."""
