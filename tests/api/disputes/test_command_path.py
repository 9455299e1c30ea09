"""A command passes few files from its route to its append, and reads the log once."""

from pathlib import Path

from tests.support.command_path import MOST_ASKED, MOST_PASSED, command_path
from tests.support.databases import run


def test_a_command_passes_few_files_and_reads_the_log_once(street_url: str, home: Path) -> None:
    found = run(command_path(street_url, home))
    assert (found.readings, found.appends) == (1, 1)
    first, *_, append, codec = found.passed()
    assert first == "api/disputes/commands.py"
    assert (append, codec) == ("store/event_log/append.py", "store/event_log/codec.py")
    assert "application/command_handler.py" in found.passed()
    assert "domain/aggregates/dispute/decide/sessions.py" in found.of_the_decision()
    assert len(found.passed()) <= MOST_PASSED, found.passed()
    assert len(found.asked()) <= MOST_ASKED, found.asked()
