"""The lock of what runs is a part of the whole lock: one version of a package, wherever it is installed."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def pinned(name: str) -> dict[str, str]:
    """Each package of a lock with its version and its hashes."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return {line.partition("==")[0]: line for line in map(str.strip, lines) if "==" in line}


def test_what_runs_is_pinned_as_in_the_whole_lock() -> None:
    runtime, whole = pinned("requirements-runtime.lock"), pinned("requirements.lock")
    assert {"fastapi", "psycopg", "uv-build"} <= runtime.keys()
    assert "pytest" not in runtime
    assert {name: whole.get(name) for name in runtime} == runtime


def test_every_package_has_hashes() -> None:
    for name in ("requirements-runtime.lock", "requirements.lock"):
        assert all("--hash=sha256:" in line for line in pinned(name).values())
