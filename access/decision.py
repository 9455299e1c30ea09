"""The one decision: may this actor do that, and to this case? Everything that is not allowed here is denied.

A case that is not the actor's own (rule 16) is missing to the actor, whatever the role, so that no refusal says which
cases there are.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from access.scope import Scope
from domain.aggregates.dispute import Dispute
from domain.errors import Forbidden, UnknownDispute
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
    READ_READS = "read_reads"
    """Who looked at which case."""
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
    Role.CONVENER: _HANDLING | {Action.DECIDE, Action.READ_READS, Action.SIMULATE},
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
            Action.READ_READS,
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


def may(actor: Actor | None, action: Action) -> bool:
    """Return whether the role of the actor allows this; None is a visitor who did not sign in."""
    if action in PUBLIC:
        return True
    return actor is not None and action in _ALLOWED.get(actor.role, frozenset())


def must(actor: Actor | None, action: Action) -> None:
    """Raise Forbidden where the role of the actor does not allow this."""
    if may(actor, action):
        return
    if actor is None:
        raise Forbidden(message("sign in first"))
    raise Forbidden(message("the role {role} may not do this", role=actor.role))


def must_file(actor: Actor, units: Iterable[str]) -> None:
    """Raise Forbidden where the actor may not file a case of these units: none of them is the actor's, or below it."""
    must(actor, Action.FILE)
    if not Scope.of(actor).includes_any(units):
        raise Forbidden(message("you file cases of your own unit and of those below it"))


def must_include(scope: Scope, dispute: Dispute) -> None:
    """Raise UnknownDispute where a case is not in the scope: to whoever has no part in it, it is missing."""
    if not scope.includes(dispute):
        raise UnknownDispute(message("there is no such case"))
