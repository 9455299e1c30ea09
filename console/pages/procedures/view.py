"""The public page of the procedures: which are in force, what they say, and what they said before (S0 权责公开)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from access.decision import Action, must
from application.i18n import Language, preferred
from console.pages.procedures import sentences
from console.pages.procedures.version_changes import version_changes
from console.pages.procedures.wording import Wording
from console.templates import Page, page_response
from domain.messages import message
from projections.procedures.queries import ProcedureQueries
from projections.procedures.schemas import VersionItem

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TierSection:
    """A tier: what people call it, and what it does."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionSection:
    """A published version: from when to when it was in force, and what it changed; None for a first one."""

    period: str
    changes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ProcedureSection:
    """A procedure: what the version in force says, and all published versions, the newest first."""

    id: str
    title: str
    in_force: str
    entry: tuple[str, ...]
    tiers: tuple[TierSection, ...]
    bypass_and_visits: tuple[str, ...]
    versions: tuple[VersionSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceduresPage(Page):
    """The procedures that have a published version."""

    TEMPLATE: ClassVar = "pages/procedures/procedures.html"

    procedures: tuple[ProcedureSection, ...]


@router.get("/procedures")
async def procedures(request: Request) -> HTMLResponse:
    """Show everybody, in their language, which procedures are in force since when, and each version before."""
    must(None, Action.READ_PROCEDURES)
    queries: ProcedureQueries = request.app.state.services.procedure_queries
    versions = await queries.versions(everything=False)
    return page_response(procedures_page(versions, preferred(request.headers.get("accept-language"))))


def procedures_page(versions: Sequence[VersionItem], language: Language) -> ProceduresPage:
    """Return the page of published versions, which come by procedure and from the newest on."""
    by_procedure = [list(group) for _, group in groupby(versions, key=lambda item: item.id)]
    return ProceduresPage(
        language=language,
        procedures=tuple(_procedure_section(published, language) for published in by_procedure),
    )


def _procedure_section(versions: list[VersionItem], language: Language) -> ProcedureSection:
    current, *_ = versions
    wording = Wording(language, current.ladder)
    return ProcedureSection(
        id=current.id,
        title=wording.title(current.ladder.title),
        in_force=_period(wording, versions, 0),
        entry=tuple(sentences.entry(wording)),
        tiers=tuple(
            TierSection(wording.tier(tier.name), tuple(sentences.tier(wording, tier)))
            for tier in current.ladder.tiers
        ),
        bypass_and_visits=(sentences.bypass(wording), sentences.visits(wording)),
        versions=tuple(_version_sections(versions, language)),
    )


def _version_sections(versions: list[VersionItem], language: Language) -> Iterator[VersionSection]:
    for index, item in enumerate(versions):
        wording = Wording(language, item.ladder)
        before = versions[index + 1].ladder if index + 1 < len(versions) else None
        changes = tuple(version_changes(wording, before)) if before else None
        yield VersionSection(_period(wording, versions, index), changes)


def _period(wording: Wording, versions: list[VersionItem], index: int) -> str:
    """Say from when to when a version was in force; the first of the list is in force now."""
    version = versions[index]
    since = wording.day(version.published_at) if version.published_at else ""
    if not index:
        return wording.say(
            message("Version {version}, in force since {since}.", version=version.version, since=since)
        )
    end = versions[index - 1].published_at
    return wording.say(
        message(
            "Version {version}, in force from {since} to {until}.",
            version=version.version,
            since=since,
            until=wording.day(end) if end else "",
        )
    )
