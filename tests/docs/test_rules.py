"""Every rule is mapped to its code and its tests, and the files exist."""

import re
from typing import Final

from tests.support.shell_blocks import ROOT

_PAGE: Final = (ROOT / "docs/explanation/rules.md").read_text(encoding="utf-8")
_MAP: Final = _PAGE.split("## Where each rule is implemented and tested")[1].split("\n## ")[0]


def _numbers(table: str) -> list[int]:
    return [int(number) for number in re.findall(r"^\| (\d+)", table, re.MULTILINE)]


def test_every_rule_is_mapped() -> None:
    mapped = _numbers(_MAP)
    assert mapped == sorted(mapped)
    assert set(mapped) == set(range(1, 27))


def test_the_files_named_exist() -> None:
    paths = re.findall(r"`([\w/.-]+\.(?:py|yaml))`", _MAP)
    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_rule_but_one_names_a_test() -> None:
    rows = [line for line in _MAP.splitlines() if re.match(r"\| \d", line)]
    without = [row for row in rows if "tests/" not in row.split("|")[3]]
    assert [row.split("|")[1].strip() for row in without] == ["14"]
