"""The data folder and the process over it: making the one, starting the other, clearing up after a dead owner.

Everything here that changes something is called by the owner alone, under the owner's lock.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from store.embedded.binaries import major_version
from store.embedded.child import child_command
from store.embedded.place import PORT, EmbeddedServerError, Place

POLL_SECONDS = 0.01
FAST_SHUTDOWN_SECONDS = 15.0
IMMEDIATE_SHUTDOWN_SECONDS = 5.0
SWEEP_SECONDS = 5.0
LONGEST_LOG_BYTES = 8 * 1024 * 1024

# On the command line, where neither a file nor ALTER SYSTEM overrules them. No statement and no value that a client
# sent is logged: they hold personal data.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_timezone": "UTC",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
}


def make_data(place: Place, binaries: Path) -> None:
    """Have a data folder there that `binaries` can serve.

    It is made under another name and renamed when whole; what an interrupted attempt left is removed.
    Raises EmbeddedServerError if it cannot be made, or was made by another major version.
    """
    _sweep(place)
    if place.data.exists():
        _check_version(place, binaries)
        return
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=place.base))
    os.chown(draft, place.account.uid, place.account.gid)
    options = [
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--no-locale",
        "--auth=trust",
        "--data-checksums",
        "--no-instructions",
    ]
    process = spawn(place, [str(binaries / "initdb"), *options, "-D", str(draft)])
    try:
        status = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if status != 0:
        raise EmbeddedServerError(f"The database could not be made in {place.base}:\n{last_words(place)}")
    draft.rename(place.data)


def _sweep(place: Place) -> None:
    """Remove what an interrupted `make_data` left, more than once if its initdb, dying, still writes there."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while (leftovers := list(place.base.glob("new-*"))) and time.monotonic() < deadline:
        for leftover in leftovers:
            shutil.rmtree(leftover, ignore_errors=True)
        time.sleep(POLL_SECONDS)


def _check_version(place: Place, binaries: Path) -> None:
    made_by = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = major_version(binaries)
    if made_by != ours:
        raise EmbeddedServerError(
            f"{place.data} was made by PostgreSQL {made_by}, but the programs in {binaries} are version {ours}: "
            f"dump the data with version {made_by} and load them anew, or go on with a server of that version."
        )


def spawn(place: Place, command: Sequence[str], *, bystander: int | None = None) -> subprocess.Popen[bytes]:
    """Start a PostgreSQL program as a child that ends with us, in a session of its own, its output in the log.

    A session of its own, lest the terminal's Ctrl-C reach it before our own orderly stop. `bystander` is a process
    that an old lock file names but that is no server: PostgreSQL overlooks a lock held by its "grandparent", and
    keeps its check for backends that outlived their server, which would be lost if the file were just removed.
    """
    environment = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
    if bystander is not None:
        environment["PG_GRANDPARENT_PID"] = str(bystander)
    log = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        return subprocess.Popen(
            child_command(place.account.uid, place.account.gid, command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
    finally:
        os.close(log)


def prepare(place: Place) -> None:
    """Write down who may connect, and put a log aside that has grown long."""
    place.access_rules.write_text("local all all trust\n", encoding="ascii")
    place.access_rules.chmod(0o644)
    if place.log.exists() and place.log.stat().st_size > LONGEST_LOG_BYTES:
        place.log.rename(place.log.with_suffix(".log.old"))


def server_command(place: Place, binaries: Path) -> list[str]:
    """Build the command line of the server itself."""
    quoted = '"' + str(place.sockets).replace('"', '""') + '"'
    settings = SETTINGS | {
        "unix_socket_directories": quoted,
        "hba_file": str(place.access_rules),
        "port": str(PORT),
    }
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(binaries / "postgres"), "-D", str(place.data), *flags]


def last_words(place: Place, lines: int = 12) -> str:
    """Read the end of the server's log."""
    if not place.log.exists():
        return ""
    return "\n".join(place.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def noted_pid(place: Place) -> int | None:
    """Read which process claims the data folder; None if none does. It may be long dead, and its number another's."""
    try:
        first, _, _ = (place.data / "postmaster.pid").read_text(encoding="utf-8").partition("\n")
    except FileNotFoundError:
        return None
    return abs(int(first)) if first.strip().lstrip("-").isdigit() else None


def serves(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is a PostgreSQL server over `data`, and not a later bearer of its number."""
    process = Path("/proc") / str(pid)
    try:
        if not Path("/proc/self").exists():
            return _listed_as_server(pid, data)
        program, *arguments = (process / "cmdline").read_bytes().split(b"\0")
        if Path(os.fsdecode(program)).name != "postgres":
            return False
        # The working folder of another account's process is not always readable, not even to root in a container.
        return os.fsencode(data) in arguments or (process / "cwd").readlink() == data
    except OSError:
        return False


def _listed_as_server(pid: int, data: Path) -> bool:
    """Ask `ps`, where there is no /proc."""
    listed = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return "postgres" in listed.stdout and str(data) in listed.stdout


def end_orphan(place: Place) -> int | None:
    """End the server that a dead owner left behind, if there is one.

    Returns the number of an unrelated process that the old lock file names, or None. Raises EmbeddedServerError if
    the old server does not end.
    """
    pid = noted_pid(place)
    if pid is None:
        return None
    if not serves(pid, place.data):
        return pid
    for number, patience in (
        (signal.SIGINT, FAST_SHUTDOWN_SECONDS),  # usually on its way out already; to ask again does no harm
        (signal.SIGQUIT, IMMEDIATE_SHUTDOWN_SECONDS),
    ):
        os.kill(pid, number)
        if _gone(pid, place.data, patience):
            return pid
    raise EmbeddedServerError(f"An old database server (process {pid}) is still there and does not end.")


def _gone(pid: int, data: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while serves(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
