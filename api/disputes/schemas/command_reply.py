"""The replies to commands: the outcome, and warnings and consequences in both languages."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from application.i18n import UNTITLED, BilingualText, bilingual_text
from application.ports import Reply
from domain.aggregates.dispute.notice import Notice
from domain.messages import message
from domain.procedures.explanations import why
from domain.procedures.rules import Because
from domain.procedures.tier import Titled
from domain.vocabulary import PartyRole
from projections.case_list.schemas import SIMILAR_WITHIN, SimilarCase


class WarningView(BaseModel):
    """What was recorded all the same, though it may not be what was meant (rule 23); and what it is about.

    `resembles` is the number of a session or the id of a party, `dispute` another case, `appointment` one of its
    appointments, with the mediators or the place that both need.
    """

    kind: str
    text: BilingualText
    seats: tuple[str, ...] | None = None
    taken: int | None = None
    need: int | None = None
    session: int | None = None
    party: str | None = None
    side: PartyRole | None = None
    resembles: int | str | None = None
    dispute: UUID | None = None
    number: str | None = None
    appointment: int | None = None
    at: datetime | None = None
    mediators: tuple[str, ...] | None = None
    place: str | None = None


class ConsequenceView(BaseModel):
    """What a rule did, or in a dry run would do, and why."""

    rule: str
    text: BilingualText
    because: Because


class CommandReply(BaseModel):
    """What came of a command; a dry run has no `position`."""

    id: str
    version: int
    position: int | None = None
    status: str | None = None
    tier: str | None = None
    events: tuple[str, ...]

    @classmethod
    def of(cls, reply: Reply, **more: object) -> Self:
        """Present what came of a command, and more."""
        return cls.model_validate(
            {**{name: getattr(reply, name) for name in CommandReply.model_fields}, **more}
        )


class ReplyView(CommandReply):
    """The outcome of a command to a dispute, with warnings and consequences."""

    warnings: list[WarningView] | None = None
    consequences: list[ConsequenceView] | None = Field(
        None, description="what the rules made of it, or in a dry run would make of it, and why"
    )


def warnings_of(reply: Reply) -> list[WarningView]:
    """Present what the sender of a command should notice."""
    return [_warning(notice, reply.titles or UNTITLED) for notice in reply.notices or ()]


def reply_view(reply: Reply, *more: WarningView) -> ReplyView:
    """Present what came of a command, with further warnings."""
    titles = reply.titles or UNTITLED
    return ReplyView.of(
        reply,
        warnings=[*warnings_of(reply), *more] or None,
        consequences=[_consequence(item, titles) for item in reply.caused] if reply.caused else None,
    )


def reply_json(reply: Reply, *more: WarningView) -> str:
    """Return a reply as JSON, with further warnings; most have nothing to be noticed, and are written as they are."""
    plain = reply.notices is None and reply.caused is None and not more
    return (reply if plain else reply_view(reply, *more)).model_dump_json(exclude_none=True)


def _warning(notice: Notice, titles: Titled) -> WarningView:
    return WarningView(text=bilingual_text(notice.text, titles), **notice.model_dump(exclude={"tier"}))


def _consequence(because: Because, titles: Titled) -> ConsequenceView:
    return ConsequenceView(rule=because.rule, text=bilingual_text(why(because), titles), because=because)


def similar_case_warning(found: SimilarCase) -> WarningView:
    """Present a case that looks like one just filed."""
    if found.number is None:
        sentence = message(
            "a case of the same unit and category, filed within {days} days, has one of these people as a party",
            days=SIMILAR_WITHIN.days,
        )
    else:
        sentence = message(
            "{number}, of the same unit and category and filed within {days} days, has one of these people as a party",
            number=found.number,
            days=SIMILAR_WITHIN.days,
        )
    return WarningView(
        kind="similar_case", text=bilingual_text(sentence), dispute=found.id, number=found.number
    )
