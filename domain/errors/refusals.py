"""The state of the case or the rules say no."""

from domain.errors.kinds import Refused


class AlreadyFiled(Refused):
    """A case with this id exists already."""


class NotAccepted(Refused):
    """The case has not been accepted at this tier."""


class NotAwaitingAcceptance(Refused):
    """The case does not wait for acceptance."""


class NotEscalated(Refused):
    """The case was not escalated to this tier."""


class NotReturnable(Refused):
    """The case cannot go back to where nobody accepted it."""


class AlreadyCancelled(Refused):
    """The appointment was cancelled."""


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


class Contended(Refused):
    """Too many people are writing to this at once."""


class GoesBackwards(Refused):
    """The day lies before something that already happened."""


class OwnProposal(Refused):
    """A second person decides, not the one who proposed."""


class AlreadyProposed(Refused):
    """The same is proposed already."""


class AlreadyEndorsed(Refused):
    """You have agreed already; another person must."""


class SeatsMissing(Refused):
    """Too few of the panel's seats were taken."""


class NothingExpires(Refused):
    """No time limit of the case does anything by itself."""


class NotYetExpired(Refused):
    """The time limit has not run out."""


class NotMigratable(Refused):
    """The case cannot go on under that version."""


class RetroactiveDisadvantage(Refused):
    """The change turns against a party in retrospect, and no ground is stated."""


class NothingProposed(Refused):
    """Nothing is proposed that could be decided."""


class NothingToCorrect(Refused):
    """The record says so already."""


class BypassNotOpen(Refused):
    """The procedure does not allow this way up."""


class NotLonger(Refused):
    """The day does not give more time."""


class OtherCaseIsDuplicate(Refused):
    """The other case is a duplicate itself."""


class NotClosed(Refused):
    """The case is not closed."""


class NotReopenable(Refused):
    """The case is not taken up again."""


class HandlerMayNotVerify(Refused):
    """Who handled the case does not verify it."""


class PatternTaken(Refused):
    """Another register writes such numbers."""


class TooManyParties(Refused):
    """The case has as many parties as a case may have."""


class CalendarPublishedOtherwise(Refused):
    """The year's calendar is published with other days."""
