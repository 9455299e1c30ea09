"""Opening a file of tables: what kind of file it is shows in its first bytes, not in what it is called."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from application.tables.table import NotATable, Table
from domain.messages import message
from store.spreadsheets.csv_reading import CsvTable
from store.spreadsheets.xlsx_reading import Workbook
from store.spreadsheets.yaml_reading import yaml_tables

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHERS: Final = (
    b"%PDF",
    b"\x7fELF",
    b"MZ",
    b"#!",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"\x1f\x8b",
    b"{\\rtf",
)
_ENCODED: Final = (b"\xff\xfe", b"\xfe\xff")
_PIECE: Final = 1 << 20


@contextmanager
def all_opened(files: Iterable[tuple[BinaryIO, str]]) -> Iterator[tuple[list[Table], list[NotATable]]]:
    """Look at files by their names; yields the tables of those that can be read, and what is wrong with the others."""
    tables, wrong = list[Table](), list[NotATable]()
    with ExitStack() as stack:
        for file, name in files:
            try:
                tables += stack.enter_context(opened(file, name))
            except NotATable as error:
                wrong.append(error)
        yield tables, wrong


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[Sequence[Table]]:
    """Look at a file, which must be one with a descriptor; yields its tables; raises NotATable."""
    file.seek(0)
    beginning = file.read(4096)
    if beginning.startswith(b"PK\x03\x04"):
        _must_be_workbook(file, name)
        workbook = Workbook(file, name)
        try:
            yield workbook.tables
        finally:
            workbook.close()
        return
    _must_be_text(beginning, file, name)
    yield yaml_tables(file, name) if name.lower().endswith((".yaml", ".yml")) else [CsvTable(file, name)]


def _must_be_workbook(file: BinaryIO, name: str) -> None:
    try:
        with ZipFile(file) as archive:
            names = archive.namelist()
    except BadZipFile:
        raise NotATable(
            message("the workbook is damaged or protected; open it and save it anew"), name
        ) from None
    if "xl/workbook.xml" not in names:
        raise NotATable(message("the file is neither CSV nor XLSX nor YAML"), name)


def _must_be_text(beginning: bytes, file: BinaryIO, name: str) -> None:
    if beginning.startswith(_OLE):
        if _holds(file, _ENCRYPTED):
            raise NotATable(message("the workbook is protected by a password; save it without one"), name)
        raise NotATable(message("the file is a workbook of the old kind (.xls); save it as .xlsx"), name)
    binary = b"\0" in beginning and not beginning.startswith(_ENCODED)
    if binary or beginning.startswith(_OTHERS):
        raise NotATable(message("the file is neither CSV nor XLSX nor YAML"), name)


def _holds(file: BinaryIO, sign: bytes) -> bool:
    file.seek(0)
    before = b""
    while piece := file.read(_PIECE):
        if sign in before + piece:
            return True
        before = piece[-len(sign) :]
    return False
