"""An embedded PostgreSQL server: started with the program and ended with it.

One process owns the server of a home folder, by a lock that it holds for as long as it lives. Other commands
`attach` to it and never stop it. If the owner is killed, the kernel tells the server to shut down.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from store.embedded.binaries import binaries_for, find_binaries
from store.embedded.cluster import (
    POLL_SECONDS,
    end_orphan,
    last_words,
    make_data,
    noted_pid,
    prepare,
    server_command,
    serves,
    spawn,
)
from store.embedded.place import PORT, SOCKET, EmbeddedServerError, Place, find, settle

__all__ = ["EmbeddedServer", "EmbeddedServerError", "RunningServer", "attach", "find_binaries"]

READY_SECONDS = 30.0
STOP_SECONDS = 30.0
LOCK_SECONDS = 0.5
SUPERUSER = "postgres"


@dataclass(frozen=True)
class RunningServer:
    """How to reach a server that another process owns."""

    socket_folder: Path
    pid: int
    owner_pid: int | None

    def url(self, user: str, database: str) -> str:
        """Build the libpq URL of `database` for `user`."""
        return _url(self.socket_folder, user, database)


class EmbeddedServer:
    """The owner's hold on the server of a home folder; as a context manager, started and stopped with the block."""

    def __init__(self, home: Path) -> None:
        """`home` is the folder for everything that changes at run time; the data come to lie in `home/postgres`."""
        self._home = home.resolve()
        self._lock = _OwnerLock(self._home / "postgres.lock")
        self._place: Place | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers; does nothing if it runs already.

        To be called from the main thread: the kernel ends the server with the thread that started it. After a crash
        of the server it may be called again. Raises EmbeddedServerError if another process owns the server, and if
        the server cannot be started.
        """
        if self.alive():
            return
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedServerError("The database server must be started from the main thread.")
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            self._start()
        except PermissionError as error:
            self.stop()
            raise _forbidden(error) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut the server down, wait for its end and give up the ownership; does nothing if it is not running."""
        process, place = self._process, self._place
        if process is not None:
            _end(process)
            self._process = None
            if place is not None:
                with contextlib.suppress(OSError):
                    place.sockets.rmdir()
        self._lock.release()

    def alive(self) -> bool:
        """Tell whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the server's process. Raises EmbeddedServerError if it was not started."""
        if self._process is None:
            raise EmbeddedServerError("The database server is not running.")
        return self._process.pid

    @property
    def socket_folder(self) -> Path:
        """The folder of the server's socket. Raises EmbeddedServerError if it was never started."""
        return self._known_place().sockets

    @property
    def data_folder(self) -> Path:
        """PostgreSQL's data folder. Raises EmbeddedServerError if the server was never started."""
        return self._known_place().data

    @property
    def log_file(self) -> Path:
        """The server's log. Raises EmbeddedServerError if the server was never started."""
        return self._known_place().log

    def url(self, user: str, database: str) -> str:
        """Build the libpq URL of `database` for `user`. Raises EmbeddedServerError if the server was never started."""
        return _url(self.socket_folder, user, database)

    def _known_place(self) -> Place:
        if self._place is None:
            raise EmbeddedServerError("The database server was not started yet.")
        return self._place

    def _start(self) -> None:
        place = self._place = settle(self._home)
        bystander = end_orphan(place)
        binaries = binaries_for(place.account)
        prepare(place)
        make_data(place, binaries)
        place.make_sockets()
        command = server_command(place, binaries)
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers(place, command, bystander, deadline):
            time.sleep(10 * POLL_SECONDS)

    def _answers(self, place: Place, command: list[str], bystander: int | None, deadline: float) -> bool:
        """Launch and wait for an answer; False if worth another try: backends of a crashed server still die away."""
        process = self._process = spawn(place, command, bystander=bystander)
        while process.poll() is None and time.monotonic() < deadline:
            if _reachable(place.sockets):
                return True
            time.sleep(POLL_SECONDS)
        said = last_words(place)
        if process.poll() is not None and "shared memory block" in said and time.monotonic() < deadline:
            return False
        raise EmbeddedServerError(f"The database server did not start. The end of {place.log}:\n{said}")


def attach(home: Path) -> RunningServer | None:
    """Find the server of `home` that another process owns; never starts or stops anything.

    Returns None if nobody owns one, or if it does not answer (yet, or any more). Raises EmbeddedServerError if it is
    there for another account only.
    """
    try:
        return _attach(home.resolve())
    except PermissionError as error:
        raise _forbidden(error) from error


def _attach(home: Path) -> RunningServer | None:
    lock = _OwnerLock(home / "postgres.lock")
    if not lock.held_by_somebody() or not os.path.lexists(home / "postgres"):
        return None
    place = find(home)
    pid = noted_pid(place)
    if pid is None or not serves(pid, place.data) or not _reachable(place.sockets):
        return None
    return RunningServer(place.sockets, pid, lock.noted_owner())


def _forbidden(error: PermissionError) -> EmbeddedServerError:
    return EmbeddedServerError(f"This account may not use {error.filename}, which the database needs.")


class _OwnerLock:
    """The mark of the one owner: an flock, which the kernel lifts when its holder dies. The file names the holder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock, unless we have it. Waits a moment, as a glance by `held_by_somebody` holds it so long."""
        if self._handle is not None:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(handle, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                os.close(handle)
                raise EmbeddedServerError(
                    f"The database in {self._path.parent} is already run by process {self.noted_owner()}."
                )
            time.sleep(POLL_SECONDS)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)  # also where a forked child has inherited the handle
            os.close(self._handle)
            self._handle = None

    def held_by_somebody(self) -> bool:
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)

    def noted_owner(self) -> int | None:
        noted = self._path.read_text(encoding="ascii").strip()
        return int(noted) if noted.isdigit() else None


def _try_lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, and if that takes for ever an immediate one, from which PostgreSQL recovers at the next start."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _reachable(sockets: Path) -> bool:
    if not (sockets / SOCKET).exists():
        return False
    try:
        psycopg.connect(_url(sockets, SUPERUSER, SUPERUSER), autocommit=True, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _url(sockets: Path, user: str, database: str) -> str:
    host = quote(str(sockets), safe="")
    return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"
