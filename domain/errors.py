"""Why a command was not carried out. The first line of a class's docstring is the problem's title.

Six kinds, from which everything else descends, so that an outer layer needs to know only these:
`Invalid` (what was asked makes no sense), `Missing` (there is no such thing), `Forbidden` (not for you),
`Unconditional` (you did not say which version you saw), `Stale` (it has changed since then) and `Refused` (it makes
sense, and the rules or the state of the case say no).
"""

from domain.messages import Message


class DomainError(Exception):
    """The request was not carried out."""

    def __init__(self, detail: Message, *, field: str | None = None) -> None:
        """Say why in `detail`; `field` names the field of the command that is at fault, where one is."""
        super().__init__(str(detail))
        self.detail = detail
        self.field = field


class Invalid(DomainError):
    """The request does not make sense."""


class Missing(DomainError):
    """There is no such thing."""


class Forbidden(DomainError):
    """Your role does not allow this."""


class Unconditional(DomainError):
    """Say which version of the case you act on."""


class Stale(DomainError):
    """The case has changed since you last looked."""


class Refused(DomainError):
    """The rules or the state of the case do not allow this."""


# --- what was asked makes no sense ---------------------------------------------------------------------------


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


class UnknownTier(Invalid):
    """The procedure has no such tier."""


class UnknownDispute(Missing):
    """There is no such case."""


class UnknownVersion(Missing):
    """The case has no such version."""


class KeyReused(Invalid):
    """The idempotency key was used before for another request."""


class DuplicateParty(Invalid):
    """Two parties have the same id."""


class UnitMisplaced(Invalid):
    """The unit's id does not spell its parent."""


# --- the state or the rules say no ---------------------------------------------------------------------------


class AlreadyFiled(Refused):
    """A case with this id exists already."""


class NotAccepted(Refused):
    """The case has not been accepted at this tier."""


class NotAwaitingAcceptance(Refused):
    """The case does not wait for acceptance."""


class NotEscalated(Refused):
    """The case was not escalated to this tier."""


class AlreadyClosed(Refused):
    """The case is closed."""


class MediationRefused(Refused):
    """A party refused mediation, which ends it at once."""


class TierNotOpen(Refused):
    """The case may not be filed at that tier."""


class NoPlatform(Refused):
    """No platform covers the unit."""


class NoRegister(Refused):
    """No register numbers the cases of this platform."""


class NotThisPlatform(Refused):
    """Only the platform where the case waits may do this."""


class MediatorOutOfTerm(Refused):
    """The mediator's term of office does not cover the day."""


class MediatorElsewhere(Refused):
    """The mediator belongs to another platform."""


class MediatorNotAssigned(Refused):
    """The mediator is not assigned to the case."""


class NotAnApplicant(Refused):
    """Only an applicant may withdraw the case."""


class Contended(Refused):
    """Too many people are writing to this at once."""


class GoesBackwards(Refused):
    """The day lies before something that already happened."""
