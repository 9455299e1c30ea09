"""Which committees seal an agreement, and who may do it for them (PML 29; rule 9)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import later_number
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import SignAgreement
from domain.errors import AlreadySigned, NotTheConvener, SealNotNeeded
from domain.events.dispute import AgreementSigned
from domain.jurisdiction.platform import Platform
from domain.messages import message


def bodies(dispute: Dispute, world: World) -> tuple[Platform, ...]:
    """Return the platforms that handle the case: its own and every co-platform."""
    own = world.platforms.get(dispute.platform)
    return (*([own] if own else []), *world.co_platforms(dispute.filed.co_units, dispute.tier))


def seals_needed(dispute: Dispute, world: World) -> dict[str, Platform]:
    """Return the committees whose seals an agreement needs, by unit: the platform's and every co-platform's."""
    committees = (world.committee_of(body) for body in bodies(dispute, world))
    return {committee.unit: committee for committee in committees}


def seal(
    command: SignAgreement, dispute: Dispute, agreement: AgreementState, world: World
) -> AgreementSigned:
    """Return a committee's seal, which its convener alone sets, once."""
    needed = seals_needed(dispute, world)
    unit = command.unit or _own_committee(world)
    if unit not in needed:
        raise SealNotNeeded(
            message("the agreement needs the seal of {units} and no other", units=", ".join(sorted(needed)))
        )
    if not needed[unit].is_convened_by(world.actor):
        raise NotTheConvener(message("the seal of {unit} is set by its convener", unit=unit))
    if unit in agreement.sealed_by:
        raise AlreadySigned(message("the committee of {unit} has sealed", unit=unit))
    return AgreementSigned(unit=unit, signed_at=command.signed_at, agreement=later_number(agreement.number))


def _own_committee(world: World) -> str:
    own = world.platforms.get(world.actor.unit or "")
    return world.committee_of(own).unit if own else ""
