"""`python -m bench [NAME ...]`: run the benchmarks, or those that are named, and print one JSON object."""

import argparse
import json
import os
import platform
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

# Imported when they run: the children of a process pool import this module again, and would import all of them.
BENCHMARKS: Final = (
    "command_path",
    "engine",
    "read_models",
    "visible",
    "growth",
    "importing",
    "simulation",
    "midnight",
)
_LIBRARIES: Final = ("eventsourcing", "fastapi", "uvicorn", "uvloop", "pydantic", "psycopg")


def main() -> None:
    """Print the machine, the versions and the figures; progress on standard error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when left out"
    )
    names = parser.parse_args().names or BENCHMARKS
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    found = {}
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        found[name] = import_module(f"bench.{name}").measure()
    print(json.dumps({"machine": machine(), "benchmarks": found}, indent=1, ensure_ascii=False))


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    cpuinfo = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = {
        line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name")
    }
    return {
        "cores": os.cpu_count(),
        "processor": ", ".join(sorted(models)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


if __name__ == "__main__":
    main()
