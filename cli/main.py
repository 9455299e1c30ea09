"""The entry point of `tiaochu`.

The children of a process pool import the main script, and with it this module, again: it imports nothing by itself.
"""


def main() -> None:
    """Run the command line."""
    from cli.app import run

    run()
