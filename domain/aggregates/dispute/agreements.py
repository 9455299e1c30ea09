"""The agreements of a case together: which one is meant, and the tuple with one of them changed."""

from datetime import date

from domain.aggregates.dispute.agreement import AgreementState, Confirmation
from domain.aggregates.dispute.changed import changed

Agreements = tuple[AgreementState, ...]
"""Every agreement that a case ever had, in the order in which they were drafted."""


def current_agreement(agreements: Agreements, stay_index: int | None) -> AgreementState | None:
    """Return the agreement that binds in the stay, or the latest; None where there never was one."""
    for item in reversed(agreements):
        if item.in_effect and item.stay_index == stay_index:
            return item
    return agreements[-1] if agreements else None


def open_draft(agreements: Agreements) -> AgreementState | None:
    """Return the draft that waits for signatures: the latest agreement, unless it took effect or was overtaken."""
    return agreements[-1] if agreements and agreements[-1].is_draft else None


def next_number(agreements: Agreements) -> int:
    """Return the number of the next agreement."""
    return max((item.number for item in agreements), default=0) + 1


def later_number(number: int) -> int | None:
    """Return the number with which events name an agreement: the first one of a case is not named."""
    return number if number > 1 else None


def numbered(agreements: Agreements, number: int) -> AgreementState | None:
    """Return the agreement of a number; None where there is none."""
    return next((item for item in agreements if item.number == number), None)


def binds(agreements: Agreements, number: int) -> bool:
    """Say whether the agreement of a number is in effect."""
    found = numbered(agreements, number)
    return found is not None and found.in_effect


def effect_voided(agreements: Agreements, version: int) -> Agreements:
    """Return the agreements without the effect that a fact had brought about; what it had replaced binds again."""
    numbers = {item.number for item in agreements if item.effect_version == version}
    restored = (item.in_effect_again() if item.replaced_by in numbers else item for item in agreements)
    return tuple(item.without_effect() if item.number in numbers else item for item in restored)


def last_confirmation(agreements: Agreements) -> tuple[AgreementState, Confirmation] | None:
    """Return the latest application to a court about any of the agreements, and the agreement it is about."""
    requests = [(item, item.confirmation) for item in agreements if item.confirmation is not None]
    pending = (found for found in requests if found[1].outcome is None)
    return next(pending, requests[-1] if requests else None)


def with_agreement(agreements: Agreements, one: AgreementState) -> Agreements:
    """Return the agreements with this one in place of the one of its number."""
    return tuple([one if item.number == one.number else item for item in agreements])


def with_drafts_overtaken(agreements: Agreements, on: date, sessions: int) -> Agreements:
    """Return the agreements with what still waits for signatures marked as replaced on a day."""
    return tuple(
        [
            changed(item, ended="replaced", ended_on=on, sessions_before_end=sessions)
            if item.is_draft
            else item
            for item in agreements
        ]
    )
