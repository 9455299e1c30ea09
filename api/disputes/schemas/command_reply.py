"""The replies to commands: the outcome, and warnings and consequences in both languages."""

from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from application.i18n import UNTITLED, BilingualText, bilingual_text
from application.ports import Reply
from domain.aggregates.dispute.notices import Notice
from domain.messages import message
from domain.procedures.explanations import why
from domain.procedures.rules import Because
from domain.procedures.tier import Titled
from projections.case_list.schemas import SimilarCase


class WarningView(BaseModel):
    """What was recorded all the same, though the procedure expects it otherwise."""

    kind: str
    seats: tuple[str, ...]
    taken: int
    need: int
    text: BilingualText


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


def reply_view(reply: Reply) -> ReplyView:
    """Present what came of a command."""
    titles = reply.titles or UNTITLED
    return ReplyView.of(
        reply,
        warnings=[_warning(notice, titles) for notice in reply.notices] if reply.notices else None,
        consequences=[_consequence(item, titles) for item in reply.caused] if reply.caused else None,
    )


def reply_json(reply: Reply) -> str:
    """Return a reply as JSON; most have nothing to be noticed, and are written as they are."""
    plain = reply.notices is None and reply.caused is None
    return (reply if plain else reply_view(reply)).model_dump_json(exclude_none=True)


def _warning(notice: Notice, titles: Titled) -> WarningView:
    text = message(
        "{taken} of the panel's seats were taken at the {tier}, and the procedure expects {need}; missing: {seats}",
        taken=notice.taken,
        tier=notice.tier,
        need=notice.need,
        seats=", ".join(notice.missing),
    )
    return WarningView(
        kind=notice.kind,
        seats=notice.missing,
        taken=notice.taken,
        need=notice.need,
        text=bilingual_text(text, titles),
    )


def _consequence(because: Because, titles: Titled) -> ConsequenceView:
    return ConsequenceView(rule=because.rule, text=bilingual_text(why(because), titles), because=because)


class SimilarCaseView(BaseModel):
    """An open case that may be the same dispute."""

    kind: Literal["similar_case"] = "similar_case"
    dispute: UUID
    number: str | None
    text: BilingualText


def similar_case_view(found: SimilarCase) -> SimilarCaseView:
    """Present an open case that looks like one just filed."""
    if found.number is None:
        sentence = message("an open case of the same unit and category has one of these people as a party")
    else:
        sentence = message(
            "{number} is open, of the same unit and category, and has one of these people as a party",
            number=found.number,
        )
    return SimilarCaseView(dispute=found.id, number=found.number, text=bilingual_text(sentence))
