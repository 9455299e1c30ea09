"""Errors as problem details (RFC 9457): a stable type, a title and a sentence in the reader's language.

The type is the error's name in kebab case, the title its docstring's first line. No reply with a status of 400 or
more holds a stack trace, the request's content, or personal data.
"""

import json
import re
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from application.i18n import LANGUAGES, Language, field_name, preferred, render, text
from application.importing.errors import ImportRefused
from application.ports import Unavailable
from application.validation_messages import FieldError, field_errors
from domain import errors
from domain.messages import Message, message

MEDIA_TYPE: Final = "application/problem+json"
_log = structlog.get_logger()


class Problem(Exception):
    """The request was not carried out."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: Message, **members: int) -> None:
        """Say why in `detail`; `members` are further members of the problem's document."""
        super().__init__(str(detail))
        self.detail = detail
        self.members = members


class Unauthenticated(Problem):
    """Say who you are."""

    status = HTTPStatus.UNAUTHORIZED


class NotJson(Problem):
    """The request is not readable JSON."""


class NotMultipart(Problem):
    """The request is not a readable form."""


class KeyMissing(Problem):
    """The request needs an Idempotency-Key."""


class MalformedHeader(Problem):
    """A header cannot be understood."""


class BodyTooLarge(Problem):
    """The request is too large."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class InvalidFields(Problem):
    """Some fields are missing or wrong."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotFound(Problem):
    """There is nothing here."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(Problem):
    """The address does not take that method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class Overloaded(Problem):
    """The service cannot answer now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TooManyStreams(Problem):
    """Too many streams are open."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Behind(Problem):
    """The read model has not caught up yet."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class AheadOfLog(Problem):
    """The log does not reach that position."""

    status = HTTPStatus.CONFLICT

    @classmethod
    def of(cls, head: int) -> "AheadOfLog":
        """Return the problem, with the position of the last event in its member `head`."""
        return cls(
            message("the last event has the position {head}; ask with one of its answers", head=head),
            head=head,
        )


class SimulationRunning(Problem):
    """Another simulation is running."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Failed(Problem):
    """Something went wrong on our side."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


_STATUS: Final = (
    (errors.Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.Missing, HTTPStatus.NOT_FOUND),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.Unconditional, HTTPStatus.PRECONDITION_REQUIRED),
    (errors.Stale, HTTPStatus.PRECONDITION_FAILED),
    (errors.Refused, HTTPStatus.CONFLICT),
)


def title_of(error: type[Exception]) -> str:
    """Return an error's title in the source language: its docstring's first line, without the stop."""
    return (error.__doc__ or "").strip().splitlines()[0].rstrip(".")


def type_of(error: type[Exception]) -> str:
    """Return an error's stable type, `/problems/<kebab-case-name>`."""
    return "/problems/" + re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def status_of(error: type[Exception]) -> HTTPStatus:
    """Return the HTTP status of a kind of error."""
    if issubclass(error, Problem):
        return error.status
    return next(status for kind, status in _STATUS if issubclass(error, kind))


def problem(
    request: Request,
    error: Problem | errors.DomainError,
    status: HTTPStatus,
    fields: Sequence[FieldError] = (),
) -> Response:
    """Render an error in the language that the request asks for."""
    language: Language = preferred(request.headers.get("accept-language"))
    body: dict[str, object] = {
        "type": type_of(type(error)),
        "title": text(title_of(type(error)), language),
        "status": int(status),
        "detail": _first(fields, language)
        if isinstance(error, InvalidFields)
        else render(error.detail, language),
    }
    if isinstance(error, Problem):
        body |= error.members
    if isinstance(error, errors.RestedOn):
        body["rested_on"] = {"version": error.version, "type": error.topic}
    if isinstance(error, ImportRefused):
        body["errors"] = error.fault_items(language)
    elif isinstance(error, errors.Flawed):
        body["errors"] = [_flaw(flaw, language) for flaw in error.flaws]
    elif fields:
        body["errors"] = [_fault(field.field, field.detail, language) for field in fields]
    headers = {"Content-Language": LANGUAGES[language], "Cache-Control": "no-store"}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return Response(json.dumps(body), int(status), headers, MEDIA_TYPE)


def _first(fields: Sequence[FieldError], language: Language) -> str:
    """Return the first wrong field as one sentence."""
    return _sentence(fields[0].field, fields[0].detail, language)


def _fault(field: str, detail: Message, language: Language) -> dict[str, str]:
    """Return a fault: the path of its field, what is wrong with it, and both as one sentence."""
    return {"field": field, "detail": render(detail, language), "text": _sentence(field, detail, language)}


def _sentence(field: str, detail: Message, language: Language) -> str:
    return f"{field_name(field, language)}{'：' if language == 'zh' else ': '}{render(detail, language)}"


def answer(request: Request, error: Exception) -> Response:
    """Turn any error into a problem; an unexpected one becomes a 500 that says nothing about it."""
    match error:
        case errors.DomainError():
            fields = [FieldError(error.field, error.detail)] if error.field else []
            return problem(request, error, status_of(type(error)), fields)
        case Problem():
            return problem(request, error, error.status)
        case RequestValidationError():
            return _invalid(request, field_errors(error.errors()))
        case Unavailable():
            _log.warning("unavailable", reason=str(error))
            sentence = message("the database does not answer in time; send the request again with its key")
            return problem(request, Overloaded(sentence), Overloaded.status)
        case StarletteHTTPException():
            return _http_error(request, error)
        case _:
            return _failed(request, error)


def _flaw(flaw: errors.Flaw, language: Language) -> dict[str, str | int]:
    line = {} if flaw.line is None else {"line": flaw.line}
    return {**_fault(flaw.field, flaw.detail, language), **line}


def _invalid(request: Request, found: list[FieldError]) -> Response:
    if any(item.kind == "json_invalid" for item in found):
        return problem(request, NotJson(message("the body is not JSON")), NotJson.status)
    if all(item.where == "path" for item in found):
        return problem(request, NotFound(message("there is nothing at this address")), NotFound.status)
    return problem(request, InvalidFields(found[0].detail), InvalidFields.status, found)


def _http_error(request: Request, error: StarletteHTTPException) -> Response:
    problems: dict[int, Problem] = {
        HTTPStatus.NOT_FOUND: NotFound(message("there is nothing at this address")),
        HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed(message("this address does not take that method")),
        HTTPStatus.BAD_REQUEST: NotJson(message("the body is not JSON")),
    }
    found = problems.get(error.status_code)
    return problem(request, found, found.status) if found else _failed(request, error)


def _failed(request: Request, error: Exception) -> Response:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    _log.error("failed", error=type(error).__name__, where=where)
    return problem(
        request, Failed(message("the fault was noted; send the request again with its key")), Failed.status
    )
