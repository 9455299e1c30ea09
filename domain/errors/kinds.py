"""Why a command was not carried out. The first line of a class's docstring is the problem's title.

Six kinds, from which everything else descends, so that an outer layer needs to know only these:
`Invalid` (the request makes no sense), `Missing` (there is no such thing), `Forbidden` (not for you),
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
    """It has changed since you last looked."""


class Refused(DomainError):
    """The rules or the state of the case do not allow this."""
