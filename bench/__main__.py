"""`python -m bench`: run every benchmark and print one JSON object."""

import json
import os
import platform

from bench import command_path


def main() -> None:
    """Print the machine and the figures."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    print(
        json.dumps({"machine": machine, "benchmarks": [command_path.measure()]}, indent=1, ensure_ascii=False)
    )


if __name__ == "__main__":
    main()
