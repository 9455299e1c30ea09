"""Where the embedded server keeps its data and its socket, and under which account it runs.

As an ordinary user everything lies in the home folder. As root the server runs under a lesser account, which may be
unable to reach that folder; then `home/postgres` is a link to a folder it can reach. The link is the whole memory of
that choice: other commands follow it, and removing the home starts from nothing, as it should.
"""

import hashlib
import logging
import os
import pwd
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107
REACHABLE = Path("/var/tmp")  # noqa: S108 - what is made there has an unguessable name or a checked owner
SHORT = Path("/tmp")  # noqa: S108 - owner and mode of what lies there are checked
LESSER_ACCOUNTS = ("postgres", "nobody")

logger = logging.getLogger(__name__)


class EmbeddedServerError(RuntimeError):
    """The embedded database server cannot be had; the message says why, in words for the administrator."""


@dataclass(frozen=True)
class Account:
    """The numbers of the account that the server runs under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one server.

    `base` belongs to the caller and holds the log, the rule of who may connect and the data folder; the data and the
    socket folder belong to `account`. So root never writes into a folder that a lesser account could rearrange.
    """

    base: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        """The data folder as PostgreSQL understands the word."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.base / "server.log"

    @property
    def access_rules(self) -> Path:
        """Who may connect: everybody who can reach the socket."""
        return self.base / "pg_hba.conf"

    def make_sockets(self) -> None:
        """Have the socket folder there, empty of old sockets, for the server's account alone.

        Raises EmbeddedServerError if somebody else's folder, or something that is no folder, has its name.
        """
        if not os.path.lexists(self.sockets):
            self.sockets.mkdir(mode=0o700)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self.account.uid}:
            raise EmbeddedServerError(
                f"{self.sockets} is needed for the database's socket but belongs to another."
            )
        os.chown(self.sockets, self.account.uid, self.account.gid, follow_symlinks=False)
        self.sockets.chmod(0o700)
        for name in (SOCKET, f"{SOCKET}.lock"):
            (self.sockets / name).unlink(missing_ok=True)


def settle(home: Path) -> Place:
    """Find the place of the server of `home`, or choose one.

    Warns through `logging` if the data cannot lie in `home` itself. Raises EmbeddedServerError if the data there
    belong to an account that the server does not run under, or are out of its reach.
    """
    link = home / "postgres"
    if not os.path.lexists(link):
        _choose(link)
    place = find(home)
    if not within_reach(place.base, place.account):
        raise EmbeddedServerError(
            f"The account that runs the database (uid {place.account.uid}) cannot reach {link}."
        )
    if place.base != link:
        logger.warning("the database's account cannot reach %s; the data lie in %s", home, place.base)
    return place


def find(home: Path) -> Place:
    """Find the place of the server of `home`, which must have been settled before; changes nothing.

    Raises EmbeddedServerError as `settle` does.
    """
    link = home / "postgres"
    if not link.is_dir():
        raise EmbeddedServerError(
            f"The data folder that {link} stands for is gone; remove {link} to start empty."
        )
    base = link.resolve()
    parent = home if base == link else base
    return Place(base, _socket_folder(home, parent / "run"), _account(base / "data"))


def within_reach(path: Path, account: Account) -> bool:
    """Tell whether `account` may pass through every folder above `path`, and enter or execute `path` itself."""
    if account.uid == os.geteuid():
        return os.access(path, os.X_OK)
    question = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    answer = subprocess.run(
        question, check=False, cwd="/", user=account.uid, group=account.gid, extra_groups=[account.gid]
    )
    return answer.returncode == 0


def _choose(link: Path) -> None:
    if within_reach(link.parent, _account(link / "data")):
        link.mkdir()
        link.chmod(0o711)
        return
    folder = Path(tempfile.mkdtemp(prefix=f"tiaochu-{_short_hash(link.parent)}-", dir=REACHABLE))
    folder.chmod(0o711)
    link.symlink_to(folder)


def _account(data: Path) -> Account:
    """Our own account, or as root a lesser one; what has been begun under one account goes on under it."""
    accounts = _candidates()
    if not data.exists():
        return accounts[0]
    owner = data.stat().st_uid
    for account in accounts:
        if account.uid == owner:
            return account
    raise EmbeddedServerError(
        f"{data} belongs to uid {owner}; run this command as that user, or use another folder."
    )


def _candidates() -> list[Account]:
    if os.geteuid() != 0:
        return [Account(os.geteuid(), os.getegid())]
    entries = {entry.pw_name: Account(entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    found = [entries[name] for name in LESSER_ACCOUNTS if name in entries]
    if not found:
        raise EmbeddedServerError(
            "PostgreSQL refuses to run as root, and there is no other account for it here."
        )
    return found


def _socket_folder(home: Path, preferred: Path) -> Path:
    """`preferred`, unless a socket there could not be named: too long, or with libpq's own separator in it."""
    socket = preferred / SOCKET
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH and "," not in str(preferred):
        return preferred
    return SHORT / f"tiaochu-{_short_hash(home)}"


def _short_hash(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
