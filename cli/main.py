"""The entry point of `tiaochu`.

The children of a process pool import the main script, and with it this module, again: it imports nothing by itself.
"""

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # what is imported stays: looking for garbage meanwhile takes a sixth of a start
    from cli.app import run

    gc.enable()
    run()
