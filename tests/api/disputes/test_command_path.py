"""A command passes few files from its route to its append, and reads the log once."""

from pathlib import Path

from tests.support.command_path import MOST_FILES, command_path
from tests.support.databases import run


def test_a_command_passes_few_files_and_reads_the_log_once(street_url: str, home: Path) -> None:
    found = run(command_path(street_url, home))
    assert (found.readings, found.appends) == (1, 1)
    assert {"api/disputes/commands.py", "application/command_handler.py"} <= set(found.between())
    assert len(found.between()) <= MOST_FILES, found.between()
