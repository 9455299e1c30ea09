"""Tables as offices keep them: cells, headings and files, and that what is written is read back as the same row."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from application.i18n import Language
from application.importing.chunk import Chunk, ChunkContext, decide_chunk
from application.ledger import COLUMNS, ImportedRow, LedgerRow, imported_case_of
from application.tables import cells
from application.tables.cells import CellFault, reader
from application.tables.headings import HeadingError, head_of, kind_of, letter, reading
from application.tables.kinds import COLUMNS_OF, Cell, Column, ColumnType, TableKind
from application.tables.table import NotATable, Row, TableHead, TableNotice
from application.tables.writing import guarded, headings, joined
from domain.jurisdiction.numbering import Numbering
from domain.vocabulary import Category, Difficulty, Outcome, Source, Status
from store.spreadsheets.ledger import write_ledger
from store.spreadsheets.opening import opened
from store.spreadsheets.templates import template
from store.spreadsheets.xlsx_writing import CUT_MARKS, LONGEST_CELL
from tests.support.examples import examples, steadily
from tests.support.specification import THREE_TIER, ladder, street
from tests.support.tables import AGREED, as_csv, as_file, as_xlsx, case, ledger_csv, ledger_xlsx
from tests.support.world import ADMIN, NOW

# --- cells -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02",
        "2026/3/2",
        "2026.3.2",
        "2026年3月2日",
        "2026年3月2",
        " 2026-03-02 ",
        "2026/3/2 0:00",
        "2026-03-02 14:05:00",
        "２０２６－０３－０２",
        date(2026, 3, 2),
        datetime(2026, 3, 2, 14, 5),  # noqa: DTZ001 - as a workbook has it
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert cells.day(cell) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "cell", ["2026-13-02", "2026-02-30", "3/2/2026", "yesterday", "20260302", 46083, True, ["x"]]
)
def test_what_is_no_day_is_none(cell: Cell) -> None:
    with pytest.raises(CellFault):
        cells.day(cell)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1200.50", 120_050),
        ("1,200.5", 120_050),
        ("￥1200.50元", 120_050),
        ("１２００", 120_000),
        (1200, 120_000),
        (1200.5, 120_050),
        (0.1 + 0.2, 30),
        (9999999999999.99, 999_999_999_999_999),
        (1e13, 10**15),
        ("0", 0),
        ("", None),
        (None, None),
    ],
)
def test_yuan_are_read_as_fen(cell: Cell, fen: int | None) -> None:
    assert cells.yuan_in_fen(cell) == fen


@pytest.mark.parametrize("cell", ["1200.505", "12.0万", "-5", "1,2", "twelve", 0.001, float("nan"), True])
def test_what_is_no_amount_of_yuan_is_none(cell: Cell) -> None:
    with pytest.raises(CellFault):
        cells.yuan_in_fen(cell)


def test_the_most_that_an_amount_may_be_is_told_in_yuan() -> None:
    assert cells.yuan_in_fen("10,000,000,000,000.00") == 10**15
    with pytest.raises(CellFault, match=r"must be at most 10000000000000$"):
        cells.yuan_in_fen("10000000000000.01")


def test_fen_are_whole() -> None:
    assert (cells.fen("120,050"), cells.fen(1e15), cells.fen(120_050.0)) == (120_050, 10**15, 120_050)
    with pytest.raises(CellFault, match="whole fen"):
        cells.fen("1200.5")


@pytest.mark.parametrize(
    ("cell", "number"), [("3", 3), (3, 3), (3.0, 3), ("3人", 3), ("３", 3), ("2次", 2), (" ", None)]
)
def test_a_whole_number_is_read(cell: Cell, number: int | None) -> None:
    assert cells.count(cell) == number


@pytest.mark.parametrize("cell", ["3.5", "three", "-1", "1e3"])
def test_what_is_no_whole_number_is_none(cell: Cell) -> None:
    with pytest.raises(CellFault, match="whole number"):
        cells.count(cell)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("甲；乙", ("甲", "乙")),
        ("甲;乙 ； ", ("甲", "乙")),
        ("张三、李四", ("张三", "李四")),
        ("张三，李四,王五", ("张三", "李四", "王五")),
        ("张三\n李四\r\n 王五 \n", ("张三", "李四", "王五")),
        ("张三\\、李四、王五", ("张三、李四", "王五")),
        ("一，二、三；四;五,六\n七", tuple("一二三四五六七")),
        ("甲､乙﹑丙﹔丁﹐戊", tuple("甲乙丙丁戊")),
        ("甲\\；乙", ("甲；乙",)),
        ("C:\\甲", ("C:\\甲",)),
        (["甲", "乙；丙", 3], ("甲", "乙；丙", "3")),
        ("；", ()),
        ("", None),
    ],
)
def test_names_stand_apart(cell: Cell, found: tuple[str, ...] | None) -> None:
    assert cells.names(cell) == found


@steadily
@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool)))
def test_names_put_together_come_apart_as_they_were(names: list[str]) -> None:
    assert cells.names(guarded(joined(names))) == (tuple(names) or None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'+86", "+86"),
        ("''-x", "'-x"),
        ("'quoted", "'quoted"),
        ("-5", "-5"),
        (17, "17"),
        (17.0, "17"),
        (1.5, "1.5"),
        ("'TRUE", "TRUE"),
        ("'4.4E+17", "4.4E+17"),
        (440301199001011, "440301199001011"),
        ("440301199001011234", "440301199001011234"),
        ("  x ", "x"),
        ("   ", None),
    ],
)
def test_a_text_is_read(cell: Cell, text: str | None) -> None:
    assert cells.plain(cell) == text


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("=A1+B1", "formula"),
        ("#REF!", "error of the spreadsheet"),
        (True, "TRUE or FALSE"),
        ("FALSE", "TRUE or FALSE"),
        (4.4e17, "more than 15 digits"),
        ("4.4E+17", "more than 15 digits"),
        ("4.40301199001011E+17", "more than 15 digits"),
        ("-1.00000000000000E+16", "more than 15 digits"),
        ("a\0b", "NUL"),
        (date(2026, 3, 2), "day where a text belongs"),
        (["x"], "plain text"),
    ],
)
def test_what_is_no_text_is_refused(cell: Cell, sentence: str) -> None:
    with pytest.raises(CellFault, match=sentence):
        cells.plain(cell)


def test_words_are_read_as_code_and_in_chinese() -> None:
    read = reader(Column("category", ColumnType.WORD, words=tuple(Category)), yuan=False)
    assert [read(item) for item in ("neighbour", "Neighbour", "邻里", "邻里纠纷", "")] == [
        *["neighbour"] * 4,
        None,
    ]
    with pytest.raises(CellFault, match="must be one of: marriage_family, neighbour"):
        read("moon")
    kind = reader(Column("kind", ColumnType.KEY, words=("street",)), yuan=False)
    assert [kind(item) for item in ("街道", "street", "lane")] == ["street", "street", "lane"]
    panel = reader(Column("panel", ColumnType.KEYS, words=("lawyer",)), yuan=False)
    assert panel("律师；own_seat") == ("lawyer", "own_seat")


# --- headings --------------------------------------------------------------------------------------------------


def test_the_columns_of_the_ledger_are_those_of_its_rows() -> None:
    assert tuple(column.name for column in COLUMNS_OF[TableKind.LEDGER]) == COLUMNS


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", list(COLUMNS_OF))
def test_a_table_is_known_by_its_headings_alone(kind: TableKind, language: Language) -> None:
    assert kind_of("Sheet1", headings(kind, language)) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("台账", TableKind.LEDGER),
        (" Ledger ", TableKind.LEDGER),
        ("units", TableKind.UNITS),
        ("调处平台", TableKind.PLATFORMS),
    ],
)
def test_a_sheet_is_known_by_its_name(name: str, kind: TableKind) -> None:
    assert kind_of(name, []) is kind


def test_what_says_nothing_is_not_known() -> None:
    assert kind_of("Sheet1", ["姓名", "备注"]) is None


def test_headings_are_read_whatever_people_put_around_them() -> None:
    _, wrong = reading(TableKind.UNITS, [" 单元编号* ", "单元 名称", "＊单元类型", None, "上级单元编号"])
    assert wrong == []
    _, wrong = reading(TableKind.UNITS, ["Unit", "TITLE", "kind"])
    assert wrong == []


def test_what_is_wrong_with_headings_is_said() -> None:
    found, wrong = reading(TableKind.UNITS, ["单元编号", "单元编号", "电话"])
    assert [(item.column, item.detail.template) for item in wrong] == [
        ("单元编号", "stands twice"),
        ("C", "is not a heading of this table"),
        ("单元名称", "is missing, and every row needs it"),
        ("单元类型", "is missing, and every row needs it"),
    ]
    assert found.shown("kind") == "单元类型"


def test_a_cell_under_no_heading_is_noticed() -> None:
    found, _ = reading(TableKind.UNITS, ["unit", None, "title", "kind"])
    wrong: list[HeadingError] = []
    assert found.values(["a", "", "b", "c", None], wrong) == {"unit": "a", "title": "b", "kind": "c"}
    found.values(["a", "x", "b", "c", "y"], wrong)
    assert [item.column for item in wrong] == ["B", "E"]


def test_a_title_above_the_headings_is_passed_over() -> None:
    rows: list[tuple[int, Sequence[Cell]]] = [
        (1, ["东光街道单元表"]),
        (3, ["单元编号", "单元名称", "单元类型"]),
    ]
    assert head_of(iter(rows)) == rows[1]
    assert head_of(iter([(1, [None, " "])])) is None


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(index: int, name: str) -> None:
    assert letter(index) == name


# --- files -----------------------------------------------------------------------------------------------------


def rows_in(content: bytes, name: str = "ledger.csv") -> list[LedgerRow]:
    """The rows of the one table of a file."""
    with as_file(content) as file, opened(file, name) as (table,):
        kind = kind_of(table.head.sheet, table.head.cells)
        assert kind is TableKind.LEDGER
        found, wrong = reading(kind, table.head.cells, keyed=table.head.keyed)
        rows = [LedgerRow.model_validate(found.values(cells, wrong)) for _, cells in table.rows()]
    assert wrong == []
    return rows


def read_through(content: bytes, name: str) -> None:
    """Read every row of a file."""
    with as_file(content) as file, opened(file, name) as tables:
        for table in tables:
            list(table.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_however_it_was_saved(encoding: str, delimiter: str) -> None:
    row = case(applicants="甲,乙")
    content = as_csv([row], encoding, delimiter)
    (found,) = rows_in(content)
    assert (found.number, found.applicants) == (row["number"], ("甲", "乙"))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old.xls", "old kind"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"MZ\x90\0", "ledger.csv", "neither CSV"),
        (b"%PDF-1.7", "ledger.csv", "neither CSV"),
        (b"unit\0title", "ledger.csv", "neither CSV"),
        (b"PK\x03\x04nonsense", "ledger.xlsx", "damaged"),
        (b"\xff\x81\xff\x81,\xff", "ledger.csv", "neither UTF-8"),
        (b"", "ledger.csv", "holds no table"),
        (b" \n,,\n", "ledger.csv", "holds no table"),
        (b'number,unit\n"' + b"x" * 200_000, "ledger.csv", "quotation mark"),
        (b"units: [", "a.yaml", "YAML"),
        (b"units: 3", "a.yaml", "list of entries"),
        (b"units: [3]", "a.yaml", "list of entries"),
        (b"- 3", "a.yml", "holds no table"),
        (b"units: [{unit: a, unit: b}]", "a.yaml", "key stands twice"),
        (b"units: [{unit: {a: b}}]", "a.yaml", "plain text"),
        (b"units: [{unit: 2026-13-45}]", "a.yaml", "YAML"),
        (b"units: [{unit: !!python/name:os.system x}]", "a.yaml", "YAML"),
        (b"\xff\xfe\xff", "a.yaml", "UTF-8"),
        (b"x" * (20 * 1024 * 1024 + 1), "a.yaml", "at most"),
        (b"platforms: [{unit: a, mediators: 3}]", "a.yaml", "list of entries"),
    ],
    ids=lambda item: str(item)[:30],
)  # fmt: skip
def test_a_file_that_is_no_table_is_told_from_one(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(NotATable, match=sentence):
        read_through(content, name)


def test_an_archive_that_is_no_workbook_is_told_from_one() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(NotATable, match="neither CSV"):
        read_through(other.getvalue(), "a.docx")
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(NotATable, match="damaged"):
        read_through(broken.getvalue(), "a.xlsx")


def test_a_ladder_that_grows_by_aliases_is_not_read() -> None:
    levels = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    content = f"ladders:\n- id: x\n  a0: &a0 [x]\n{levels}".encode()
    with pytest.raises(NotATable, match="more than 2000 parts"):
        read_through(content, "a.yaml")


@pytest.mark.parametrize("nest", ["[", "- ", '{"a":', "? "])
def test_what_nests_without_end_is_not_read(nest: str) -> None:
    """The reader in C goes as deep as the text, until the process is gone."""
    with pytest.raises(NotATable, match="YAML"):
        read_through((nest * 100_000).encode(), "a.yaml")


def test_a_workbook_of_excel_is_read_as_it_shows() -> None:
    row = case(filed_on=date(2019, 3, 2), sessions=2, number=17) | {"amount_fen": 1200}
    content = as_xlsx({"Sheet1": [["2019年台账"], [], list(row), list(row.values()), [], list(row.values())]})
    rows = rows_in(content, "x.xlsx")
    assert [(item.number, item.filed_on, item.amount_fen) for item in rows] == [
        ("17", date(2019, 3, 2), 1200)
    ] * 2


def test_a_workbook_that_declares_a_document_type_is_refused() -> None:
    good, bad = io.BytesIO(as_xlsx({"ledger": [["number"], ["x"]]})), io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/sharedStrings.xml":
                text = text.replace(b"<sst", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst', 1)
            target.writestr(name, text)
    with pytest.raises(NotATable, match="damaged"):
        read_through(bad.getvalue(), "a.xlsx")


def test_the_template_of_each_kind_is_read_back() -> None:
    for kind in TableKind:
        for file_format in ("csv", "xlsx", "yaml"):
            for language in ("zh", "en"):
                content = template(kind, file_format, language)
                assert (content is None) == (kind is TableKind.LADDERS and file_format != "yaml")
                if content is None:
                    continue
                assert content == template(kind, file_format, language), "the same each time"
                with as_file(content) as file, opened(file, f"x.{file_format}") as (table,):
                    assert kind_of(table.head.sheet, table.head.cells) is kind
                    assert len(list(table.rows())) == 1


def test_the_street_of_the_demonstration_is_such_a_file() -> None:
    path = Path(__file__).parents[2] / "cli/demo/street.yaml"
    with path.open("rb") as file, opened(file, path.name) as tables:
        found = {table.head.sheet: len(list(table.rows())) for table in tables}
    assert found == {"units": 6, "platforms": 6, "mediators": 8}


# --- there and back --------------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
_DAYS = st.dates(date(1, 1, 1))
_FEN = st.integers(0, 10**15)
_UNITS = st.sampled_from(["dongguang", "dongguang.c01", "1.2.3", "a-b_c.d"])
_KEYS = st.sampled_from(["compound", "community", "street", "property", "yes", "own-tier"])
_SAID = _TEXT.map(str.strip).filter(bool)


@st.composite
def rows(draw: st.DrawFn) -> LedgerRow:
    """Any row of the ledger."""
    closed = draw(st.booleans())
    agreed = draw(st.booleans())
    names = st.lists(_SAID, min_size=1, max_size=4).map(tuple)
    return LedgerRow(
        number=draw(_SAID),
        unit=draw(_UNITS),
        co_units=draw(st.lists(_UNITS, max_size=3).map(tuple)),
        tier=draw(_KEYS),
        category=draw(st.sampled_from(Category)),
        difficulty=draw(st.none() | st.sampled_from(Difficulty)),
        source=draw(st.sampled_from(Source)),
        referred_by=draw(st.none() | _SAID),
        title=draw(_SAID),
        facts=draw(_SAID),
        requests=draw(st.none() | _SAID),
        amount_fen=draw(st.none() | _FEN),
        applicants=draw(names),
        respondents=draw(names),
        people_involved=draw(st.none() | st.integers(1, 2**31 - 1)),
        filed_on=draw(_DAYS),
        accepted_on=draw(_DAYS),
        mediators=draw(st.lists(_SAID, max_size=3).map(tuple)),
        sessions=draw(st.integers(0, 1000)),
        status=Status.CLOSED
        if closed
        else draw(st.sampled_from([Status.ACCEPTED, Status.ESCALATED, Status.AGREED])),
        agreement_form="written" if agreed else None,
        agreed_on=draw(_DAYS) if agreed else None,
        obligations=draw(st.none() | _SAID),
        agreed_fen=draw(st.none() | _FEN),
        due_on=draw(st.none() | _DAYS),
        outcome=draw(st.sampled_from([item for item in Outcome if item is not Outcome.DECLINED]))
        if closed
        else None,
        closed_on=draw(st.none() | _DAYS),
        imported=draw(st.booleans()),
    )


@examples(20)
@given(st.lists(rows(), min_size=1, max_size=3), st.sampled_from(["zh", "en"]))
def test_any_row_written_as_csv_is_read_back(some: list[LedgerRow], language: Language) -> None:
    assert rows_in(ledger_csv(some, language)) == some


@examples(4)
@given(st.lists(rows(), min_size=3, max_size=6), st.sampled_from(["zh", "en"]))
def test_any_row_written_as_a_workbook_is_read_back(some: list[LedgerRow], language: Language) -> None:
    file = io.BytesIO()
    ledger_xlsx(some, file, language)
    assert rows_in(file.getvalue(), "x.xlsx") == some


def test_the_same_rows_give_the_same_bytes() -> None:
    (row,) = rows_in(as_csv([case()]))
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        ledger_xlsx([row], file, "zh")
    assert files[0].getvalue() == files[1].getvalue()


def test_csv_opens_right_in_a_spreadsheet() -> None:
    (row,) = rows_in(as_csv([case(title="'=1+1")]))
    content = ledger_csv([row], "zh")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert "'=1+1" in content.decode()


# --- workbooks as offices keep them ------------------------------------------------------------------------------


WHOLE: Mapping[str, object] = {
    "number": "旧1",
    "unit": "dong",
    "tier": "street",
    "category": "property",
    "source": "application",
    "title": "物业费",
    "facts": "拒交",
    "applicants": ["甲"],
    "respondents": ["乙"],
    "filed_on": date(2019, 3, 4),
    "accepted_on": date(2019, 3, 5),
    "status": "accepted",
}


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """A workbook as Excel would write it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        fill(book)
    return file.getvalue()


UNIT_HEADS = ["单元编号", "单元名称", "单元类型"]


def read_all(content: bytes) -> tuple[list[list[Row]], list[TableNotice]]:
    """The rows of every table of a workbook, and what is told of them."""
    with as_file(content) as file, opened(file, "book.xlsx") as tables:
        rows = [list(table.rows()) for table in tables]
        return rows, [notice for table in tables for notice in table.notices]


def test_a_merged_cell_counts_for_all_its_rows_but_not_one_of_the_headings() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("单元")
        sheet.merge_range("A1:C1", "东光街道单元表")
        sheet.write_row(1, 0, UNIT_HEADS)
        sheet.merge_range("C2:C3", UNIT_HEADS[2])
        for line in range(3, 6):
            sheet.write_row(line, 0, [f"dong.y{line}", f"{line}号院"])
        sheet.merge_range("C4:C5", "院落")
        sheet.write(5, 2, "社区")

    (rows,), _ = read_all(workbook(fill))
    found = [(line, list(cells)) for line, cells in rows if cells[0]]
    assert found == [
        (4, ["dong.y3", "3号院", "院落"]),
        (5, ["dong.y4", "4号院", "院落"]),
        (6, ["dong.y5", "5号院", "社区"]),
    ]


def test_hidden_sheets_and_rows_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("单元")
        sheet.write_row(0, 0, UNIT_HEADS)
        for line in range(1, 5):
            sheet.write_row(line, 0, [f"dong.y{line}", f"{line}号院", "院落"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
        book.add_worksheet("旧").hide()
        book.add_worksheet("更旧").very_hidden()

    (rows,), notices = read_all(workbook(fill))
    assert [line for line, _ in rows] == [2, 3, 4, 5]
    assert [(item.kind, item.sheet, item.line) for item in notices] == [
        ("hidden_sheet", "旧", 0),
        ("hidden_sheet", "更旧", 0),
        ("hidden_rows", "单元", 3),
    ]
    assert "2 hidden rows" in str(notices[-1].detail)


def test_a_workbook_of_hidden_sheets_is_no_table() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("空")
        sheet = book.add_worksheet("单元")
        sheet.write_row(0, 0, UNIT_HEADS)
        sheet.hide()

    with pytest.raises(NotATable, match="hidden"):
        read_all(workbook(fill))


def test_a_number_that_the_sheet_has_rounded_is_an_error() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("单元")
        sheet.write_row(0, 0, UNIT_HEADS)
        sheet.write_row(1, 0, ["dong", 440301199001011234, True])
        sheet.write_row(2, 0, ["dong", 123456789012345, "院落"])

    (rows,), _ = read_all(workbook(fill))
    found, _ = reading(TableKind.UNITS, UNIT_HEADS)
    findings: list[HeadingError] = []
    found.values(rows[0][1], findings)
    assert [item.column for item in findings] == ["单元名称", "单元类型"]
    assert "15 digits" in str(findings[0].detail)
    assert found.values(rows[1][1], [])["title"] == "123456789012345"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cell_that_is_cut_says_so_and_so_does_the_import(language: Language) -> None:
    names = tuple(f"业主{n:05}" for n in range(5000))
    row = LedgerRow.model_validate({**WHOLE, "applicants": names})
    file = io.BytesIO()

    async def rows() -> AsyncIterator[LedgerRow]:
        yield row

    assert asyncio.run(write_ledger(rows(), file, "xlsx", language)) == 1
    (((_, cells_read),),), notices = read_all(file.getvalue())
    cut = cells_read[COLUMNS.index("applicants")]
    assert isinstance(cut, str)
    assert cut.endswith(CUT_MARKS[language])
    assert len(cut) == LONGEST_CELL
    assert [(item.kind, item.line, item.column) for item in notices] == [
        ("cell_cut", 2, letter(COLUMNS.index("applicants")))
    ]


@pytest.mark.parametrize(
    "name", ["某公司（单位）", "某公司(单位)", "某公司 （单位)", "某公司( 单位 ）", "某公司﹙单位﹚"]
)
def test_an_organisation_is_marked_with_either_bracket(name: str) -> None:
    details = imported_case_of(ImportedRow.model_validate({**WHOLE, "applicants": [name]}))
    assert (details.parties[0].kind, details.parties[0].name) == ("organisation", "某公司")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"accepted_on": "2019-03-01"}, "accepted_on"),
        ({"agreed_on": "2019-03-03"}, "agreed_on"),
        ({"closed_on": "2019-03-10"}, "closed_on"),
        ({"due_on": "2199-01-01"}, "due_on"),
        ({"obligations": "\u200b"}, "obligations"),
        ({"agreed_on": "1066-01-01"}, "agreed_on"),
        ({"referred_by": "\u200b"}, "referred_by"),
    ],
)
def test_an_error_names_the_column_in_which_it_stands(changes: dict[str, str], column: str) -> None:
    row = {**case(), **AGREED, **changes}
    head = TableHead("a.csv", "", 1, list(row))
    chunk = Chunk(
        head,
        [(2, list(row.values()))],
        frozenset({str(row["unit"])}),
        street(),
        Numbering(),
        ChunkContext(THREE_TIER, ladder(), ADMIN, NOW),
    )
    assert [(line, found) for line, found, *_ in decide_chunk(chunk).faults] == [(2, column)]
