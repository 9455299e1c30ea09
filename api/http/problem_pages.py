"""A page for each type of problem: what it means, its status, and what to do about it."""

from collections.abc import Iterator
from html import escape
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.http.problems import NotFound, Problem, status_of, title_of, type_of
from application.i18n import LANGUAGES, Language, preferred, render, text
from domain.errors import DomainError
from domain.messages import Message, message

router = APIRouter(prefix="/problems", include_in_schema=False)
_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body><h1>{title}</h1><p>{status}</p><p>{advice}</p></body></html>
"""
_ADVICE: Final[dict[HTTPStatus, Message]] = {
    HTTPStatus.BAD_REQUEST: message("Put the request right as `detail` says, and send it again."),
    HTTPStatus.UNAUTHORIZED: message("Sign in, or send a token that is still valid."),
    HTTPStatus.FORBIDDEN: message("Ask somebody whose role or case it is."),
    HTTPStatus.NOT_FOUND: message("Look at the address: what it names is not there, or not yours to see."),
    HTTPStatus.METHOD_NOT_ALLOWED: message("Look up in the documentation what this address takes."),
    HTTPStatus.CONFLICT: message(
        "The request makes sense, but the rules or the present state do not allow it; `detail` says which. Read the"
        " case again before you decide what to do."
    ),
    HTTPStatus.PRECONDITION_FAILED: message("Read it again, and decide on what you find now."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: message("Send less at once."),
    HTTPStatus.UNPROCESSABLE_ENTITY: message(
        "`errors` names each field that is wrong and why; put them right."
    ),
    HTTPStatus.PRECONDITION_REQUIRED: message("Say in If-Match which version you saw, or * for any."),
    HTTPStatus.INTERNAL_SERVER_ERROR: message(
        "Send the request again with the same key; if it happens again, tell the operator."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: message("Wait a moment and send the request again with the same key."),
}


@router.get("/{name}", response_class=HTMLResponse)
async def read_problem(name: str, request: Request) -> HTMLResponse:
    """Explain a type of problem, in the language of Accept-Language."""
    found = problem_types().get(f"/problems/{name}")
    if found is None:
        raise NotFound(message("there is nothing at this address"))
    language = preferred(request.headers.get("accept-language"))
    headers = {"Content-Language": LANGUAGES[language], "Vary": "Accept-Language"}
    return HTMLResponse(_page(found, language), headers=headers)


def problem_types() -> dict[str, type[Exception]]:
    """Return every type of problem with its error."""
    return {type_of(error): error for root in (DomainError, Problem) for error in _descending_from(root)}


def _descending_from(error: type[Exception]) -> Iterator[type[Exception]]:
    for below in error.__subclasses__():
        yield below
        yield from _descending_from(below)


def _page(error: type[Exception], language: Language) -> str:
    status = status_of(error)
    return _PAGE.format(
        lang=LANGUAGES[language],
        title=escape(text(title_of(error), language)),
        status=f"HTTP {int(status)} · {type_of(error)}",
        advice=escape(render(_ADVICE[status], language)),
    )
