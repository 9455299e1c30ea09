"""The architecture page's picture is what the code is."""

from tests.support.architecture_picture import PAGE, STEPS, Step, drawn_page, missing


def test_the_picture_is_current() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn_page(page), "run: make docs"


def test_the_functions_of_the_two_ways_exist() -> None:
    assert missing() == []


def test_a_function_that_is_gone_is_noticed() -> None:
    lost = Step("api", "store", "W9", "skip", "application/command_handler.py:CommandHandler.no_such_method")
    assert missing((*STEPS, lost)) == [lost.function]
