"""The texts of the library behind the command line, in the language of the terminal.

The library says them in English alone: the titles of its help, and what is wrong with the arguments.
"""

import re
import sys
from typing import Final

import typer
from typer import rich_utils

from cli.language import LANGUAGE, translate

_MISUSED: Final = 2
_UNKNOWN_COMMAND: Final = re.compile(r"No such command '(.*?)'")
_USAGE_ERROR: Final = typer.BadParameter.__mro__[1]
"""What every misuse descends from; the library gives it no public name."""


def title_help() -> None:
    """Give the parts of each help text their titles."""
    rich_utils.ARGUMENTS_PANEL_TITLE = translate("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = translate("Options")
    rich_utils.COMMANDS_PANEL_TITLE = translate("Commands")
    rich_utils.REQUIRED_LONG_STRING = translate("[required]")


def run_app(app: typer.Typer) -> int:
    """Run the command line and return its exit code; a misuse is said in the language of the terminal."""
    if LANGUAGE == "en":
        app()
        return 0
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        return 1
    except Exception as error:
        if not isinstance(error, _USAGE_ERROR):
            raise
        if type(error).__name__ != "NoArgsIsHelpError":  # the help is the answer
            print(_sentence(error), file=sys.stderr)
        return _MISUSED
    return code if isinstance(code, int) else 0


def _sentence(error: Exception) -> str:
    param = getattr(error, "param", None)
    name = str(param.get_error_hint()).strip("'") if param is not None else ""
    match type(error).__name__:
        case "MissingParameter":
            return translate("{name} is missing", name=name)
        case "NoSuchOption":
            return translate("there is no option {name}", name=str(getattr(error, "option_name", "")))
        case "BadParameter" if name:
            return translate("{name} is not valid: {detail}", name=name, detail=str(error))
        case _:
            unknown = _UNKNOWN_COMMAND.match(str(error))
            if unknown is not None:
                return translate("there is no command {name}", name=unknown[1])
            return translate("the command line is not right: {detail}", detail=str(error))
