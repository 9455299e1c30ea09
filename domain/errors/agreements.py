"""The law or the state of an agreement says no."""

from domain.errors.kinds import Refused


class NoAgreementReached(Refused):
    """The parties have not reached an agreement."""


class AgreementInEffect(Refused):
    """An agreement is in effect."""


class NoAgreementInEffect(Refused):
    """No agreement is in effect."""


class AlreadySigned(Refused):
    """The signature is there already."""


class NotTheConvener(Refused):
    """Only the committee's convener seals."""


class NotTheOffice(Refused):
    """Only the office of a platform that handles the case records a mediator's signature."""


class NotInWriting(Refused):
    """A written agreement is not changed orally."""


class NoAmountAgreed(Refused):
    """The term names no amount that could be paid in parts."""


class SealNotNeeded(Refused):
    """The agreement does not need this committee's seal."""


class TermNotDue(Refused):
    """The term is not due yet."""


class TermSettled(Refused):
    """What became of the term is recorded already."""


class NotConfirmable(Refused):
    """A court cannot be asked to confirm this agreement."""


class OneSided(Refused):
    """Not every party applies."""


class OutOfTime(Refused):
    """The time for it has passed."""


class AlreadyConfirmed(Refused):
    """A court has confirmed the agreement."""


class ConfirmationPending(Refused):
    """The court has been asked already."""


class NoConfirmationPending(Refused):
    """No court has been asked."""
