"""Only the command handler and the import's bulk writer append to the log."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "access", "application", "store", "projections", "identity", "api", "console", "cli")
APPENDS = re.compile(r"\b_?log\.(append|insert_events)\(")
WRITERS = {"application/command_handler.py", "application/importing/writer.py"}


def test_only_the_command_handler_and_the_bulk_writer_append() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if APPENDS.search(path.read_text(encoding="utf-8"))
    }
    assert found == WRITERS


def test_only_the_command_handler_and_the_bulk_writer_make_what_is_appended() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"(?<!\w)Append\(", path.read_text(encoding="utf-8").replace("class Append(", ""))
    }
    assert found == WRITERS
