"""The one decision: may this actor do that? Everything that is not allowed here is denied.

For now the answer depends on the role alone; the dispute is passed in so that whose case it is (rule 16)
can be decided in this place and no other.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.aggregates.dispute import Dispute
from domain.errors import Forbidden
from domain.events.envelope import Actor
from domain.messages import message
from domain.vocabulary import Role


class Action(StrEnum):
    """What someone may want to do."""

    FILE = "file"
    ACT = "act"
    DECIDE = "decide"
    """In a case: propose, decide on a proposal, seal."""
    READ_CASE = "read_case"
    LIST_CASES = "list_cases"
    READ_REFERENCE = "read_reference"
    DESCRIBE_REFERENCE = "describe_reference"
    READ_FIGURES = "read_figures"
    READ_LEDGER = "read_ledger"
    READ_FEED = "read_feed"
    SEE_PEOPLE = "see_people"
    """In lists of many cases: the people's names and what is recorded about them."""
    IMPORT = "import"
    SIMULATE = "simulate"
    MIGRATE = "migrate"
    READ_PROCEDURES = "read_procedures"
    """What is in force, and was."""
    READ_PROPOSALS = "read_proposals"
    """What somebody proposed, and what was not agreed to."""
    DECIDE_PROCEDURES = "decide_procedures"
    """Propose a version of a procedure; approve or reject somebody else's."""


PUBLIC: Final = frozenset({Action.READ_PROCEDURES})
"""What anybody may do, signed in or not (S0 权责公开: duties, steps and time limits are made public)."""
_HANDLING: Final = frozenset(
    {
        Action.READ_PROPOSALS,
        Action.FILE,
        Action.ACT,
        Action.READ_CASE,
        Action.LIST_CASES,
        Action.READ_REFERENCE,
        Action.READ_FIGURES,
        Action.READ_LEDGER,
        Action.SEE_PEOPLE,
    }
)
_ALLOWED: Final[Mapping[Role, frozenset[Action]]] = {
    Role.MEDIATOR: _HANDLING | {Action.DECIDE},
    Role.CONVENER: _HANDLING | {Action.DECIDE, Action.SIMULATE},
    Role.CLERK: _HANDLING,
    Role.AUDITOR: frozenset(
        {
            Action.READ_PROPOSALS,
            Action.READ_CASE,
            Action.LIST_CASES,
            Action.READ_REFERENCE,
            Action.READ_FIGURES,
            Action.READ_LEDGER,
            Action.READ_FEED,
            Action.SEE_PEOPLE,
            Action.SIMULATE,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Action.READ_PROPOSALS,
            Action.READ_REFERENCE,
            Action.READ_FIGURES,
            Action.READ_LEDGER,
            Action.READ_FEED,
            Action.SIMULATE,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Action.READ_PROPOSALS,
            Action.DECIDE_PROCEDURES,
            Action.READ_REFERENCE,
            Action.DESCRIBE_REFERENCE,
            Action.IMPORT,
            Action.MIGRATE,
            Action.SIMULATE,
        }
    ),
    Role.SYSTEM: frozenset(Action),
}


def may(actor: Actor | None, action: Action, dispute: Dispute | None = None) -> bool:  # noqa: ARG001 - see the module
    """Return whether the actor may do this, to this dispute where there is one; None is a visitor who did not sign in."""
    if action in PUBLIC:
        return True
    return actor is not None and action in _ALLOWED.get(actor.role, frozenset())


def must(actor: Actor | None, action: Action, dispute: Dispute | None = None) -> None:
    """Raise Forbidden where the actor may not."""
    if may(actor, action, dispute):
        return
    if actor is None:
        raise Forbidden(message("sign in first"))
    raise Forbidden(message("the role {role} may not do this", role=actor.role))
