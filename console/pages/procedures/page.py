"""The public page of the procedures: which are in force, what they say, and what they said before (S0 权责公开)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from access.decision import Action, must
from application.i18n import LANGUAGES, Language, preferred, render
from console.html import Html, joined, listed, page, tag
from console.pages.procedures import text as procedure_text
from console.pages.procedures.changes import changes
from console.pages.procedures.wording import Wording
from domain.messages import Message, message
from projections.procedures.queries import ProcedureQueries
from projections.procedures.schemas import VersionItem

router = APIRouter(include_in_schema=False)


@router.get("/procedures")
async def procedures(request: Request) -> HTMLResponse:
    """Show everybody, in their language, which procedures are in force since when, and each version before."""
    must(None, Action.READ_PROCEDURES)
    language = preferred(request.headers.get("accept-language"))
    procedures: ProcedureQueries = request.app.state.services.procedure_queries
    text = procedures_page(await procedures.versions(everything=False), language)
    return HTMLResponse(text, headers={"Content-Language": LANGUAGES[language], "Vary": "Accept-Language"})


def procedures_page(versions: Sequence[VersionItem], language: Language) -> str:
    """Return the page of published versions, which stand by procedure and from the newest on."""

    def say(sentence: Message) -> str:
        return render(sentence, language)

    title = say(message("Procedures in force"))
    intro = say(
        message(
            "How a dispute goes from tier to tier. Mediation is free of charge; a party may refuse at any time, and"
            " may go to court or to arbitration at any time."
        )
    )
    body = [tag("h1", title), tag("p", intro)]
    for _, found in groupby(versions, key=lambda item: item.id):
        body += _procedure(list(found), language)
    schema = tag("a", say(message("the form of a procedure (JSON Schema)")), href="/schemas/ladder.json")
    data = tag("a", say(message("the same as data")), href="/v1/procedures")
    start = tag("a", say(message("start page")), href="/")
    body.append(tag("p", start, " · ", data, " · ", schema))
    return page(title, LANGUAGES[language], body)


def _procedure(versions: list[VersionItem], language: Language) -> list[Html]:
    current, *_ = versions
    words = Wording(language, current.ladder)
    tiers = [
        joined((tag("h4", words.tier(tier.name)), listed(procedure_text.tier(words, tier))))
        for tier in current.ladder.tiers
    ]
    return [
        tag("h2", words.title(current.ladder.title), id=current.id),
        tag("p", _since(words, versions, 0)),
        tag("h3", words.say(message("Where a dispute starts"))),
        listed(procedure_text.entry(words)),
        tag("h3", words.say(message("Tiers, from the lowest"))),
        *tiers,
        tag("h3", words.say(message("Past a tier, and afterwards"))),
        listed((procedure_text.bypass(words), procedure_text.visits(words))),
        *_history(versions, language),
    ]


def _history(versions: list[VersionItem], language: Language) -> Iterator[Html]:
    """Each version with what it changed; of a first one there is nothing to say but its days."""
    for place, item in enumerate(versions):
        words = Wording(language, item.ladder)
        before = versions[place + 1].ladder if place + 1 < len(versions) else None
        summary = tag("summary", _since(words, versions, place))
        changed = (
            listed(changes(words, before)) if before else tag("p", words.say(message("The first version.")))
        )
        yield tag("details", summary, changed)


def _since(words: Wording, versions: list[VersionItem], place: int) -> str:
    version = versions[place]
    since = words.day(version.published_at) if version.published_at else ""
    if not place:
        return words.say(
            message("Version {version}, in force since {since}.", version=version.version, since=since)
        )
    end = versions[place - 1].published_at
    return words.say(
        message(
            "Version {version}, in force from {since} to {until}.",
            version=version.version,
            since=since,
            until=words.day(end) if end else "",
        )
    )
