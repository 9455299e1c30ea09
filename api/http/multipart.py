"""Reading an upload: a multipart form with one file, streamed to a temporary file, within its limit."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import Message as Mime
from hashlib import sha256
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.http.problems import BodyTooLarge, NotMultipart
from api.http.request_checks import CheckedRoute
from domain.errors import ExecutableFile
from domain.messages import message
from store.attachments import PIECE

FILE_LIMIT: Final = 20 * 1024 * 1024
"""Bytes that an attachment may have."""
_PLAIN_NAME: Final = re.compile(rb";\s*filename\s*=", re.IGNORECASE)
_ENCODED_NAME: Final = re.compile(rb";\s*filename\*", re.IGNORECASE)
_FORM_LIMIT: Final = FILE_LIMIT + 1024 * 1024
_MACH_O: Final = tuple(bytes.fromhex(item) for item in ("feedface", "feedfacf", "cefaedfe", "cffaedfe"))
_PROGRAMS: Final = (b"\x7fELF", b"MZ", b"#!", b"\xca\xfe\xba\xbe", b"\0asm", b"dex\n", *_MACH_O)
"""How programs begin: ELF, Windows, scripts, Java and universal Mach-O, WebAssembly, Android, Mach-O."""
_SUFFIXES: Final = frozenset(
    [
        "apk",
        "app",
        "appimage",
        "bat",
        "bin",
        "class",
        "cmd",
        "com",
        "cpl",
        "deb",
        "dll",
        "dmg",
        "elf",
        "exe",
        "hta",
        "htm",
        "html",
        "ipa",
        "jar",
        "jnlp",
        "js",
        "jse",
        "lnk",
        "mjs",
        "msi",
        "msp",
        "pif",
        "ps1",
        "py",
        "rpm",
        "scr",
        "sh",
        "so",
        "svg",
        "swf",
        "sys",
        "vb",
        "vbe",
        "vbs",
        "wasm",
        "wsf",
        "xhtml",
    ]
)
"""How programs are named, and pages that a browser would run."""


class _FormParser(MultiPartParser):
    """Reads forms whose files are named by `filename*` alone, too.

    RFC 7578 (4.2) forbids that form of the name; clients that send RFC 5987 names use it all the same.
    """

    def on_headers_finished(self) -> None:
        """Give a part whose file has only an encoded name the plain one."""
        self._current_part.content_disposition = _with_plain_name(self._current_part.content_disposition)
        super().on_headers_finished()


def _with_plain_name(disposition: bytes | None) -> bytes | None:
    if disposition is None or _PLAIN_NAME.search(disposition) or not _ENCODED_NAME.search(disposition):
        return disposition
    parsed = Mime()
    parsed["Content-Disposition"] = disposition.decode("latin-1")
    name = (parsed.get_filename() or "file").replace("\\", "/").replace('"', "'")
    return disposition + f'; filename="{name}"'.encode()


class UploadRoute(CheckedRoute):
    """A route whose body is a multipart form, which its endpoint reads."""

    async def read(self, request: Request) -> None:
        """Leave the body where it is; only its kind is checked here."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "multipart/form-data":
            raise NotMultipart(message("send the file as multipart/form-data"))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, lying in a temporary file: its name without folders, size in bytes, SHA-256 in hex."""

    file: UploadFile
    filename: str
    media_type: str
    size: int
    sha256: str

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file's bytes from the beginning."""
        await self.file.seek(0)
        while piece := await self.file.read(PIECE):
            yield piece


async def form_of(request: Request, files: int = 1) -> FormData:
    """Read the form, of so many files at most; raises BodyTooLarge, NotMultipart."""
    parser = _FormParser(request.headers, _limited(request), max_files=files, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, ClientDisconnect):
        raise NotMultipart(message("the form cannot be read")) from None
    if any("\0" in text for name, value in form.multi_items() for text in (name, _text_of(value))):
        await form.close()
        raise NotMultipart(message("the form holds a NUL character"))
    return form


def fields_of(form: FormData) -> Mapping[str, str]:
    """Return the form's text fields."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def upload_of(form: FormData) -> Upload | None:
    """Return the form's file, looked through once; None where there is none. Raises BodyTooLarge, ExecutableFile."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        return None
    if file.size > FILE_LIMIT:
        raise _too_large()
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2].strip()[:200] or "file"
    await _must_not_be_a_program(file, name)
    digest = sha256()
    await file.seek(0)
    while piece := await file.read(PIECE):
        digest.update(piece)
    media_type = (file.content_type or "application/octet-stream").partition(";")[0].strip()[:100]
    return Upload(file, name, media_type, file.size, digest.hexdigest())


async def _must_not_be_a_program(file: UploadFile, name: str) -> None:
    await file.seek(0)
    beginning = await file.read(8)
    if beginning.startswith(_PROGRAMS) or name.rstrip(". ").rpartition(".")[2].lower() in _SUFFIXES:
        raise ExecutableFile(message("programs and web pages are not taken into a case"), field="file")


def _text_of(value: UploadFile | str) -> str:
    return value if isinstance(value, str) else f"{value.filename}{value.content_type}"


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > _FORM_LIMIT:
            raise _too_large()
        yield chunk


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(message("a file may have at most {limit} bytes", limit=FILE_LIMIT))
