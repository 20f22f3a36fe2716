"""What the page says of its measurements, of the faults and of the servers."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask, session
from flask_session import Session
from pymemcache import PooledClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from proven.claims.proofs import proves
from proven.commands import bench_places, bench_sessions
from proven.commands.bench_sessions import DATA, LIBRARIES, Visitor, columns, take_turns
from proven.commands.chaos import app as chaos_app
from proven.commands.chaos import backends, clients, faults, proxy, record, volume
from proven.commands.chaos.clients import Answer, Order
from proven.commands.chaos.tally import Tally
from proven.commands.chaos.web import WORKERS
from proven.commands.measured import circumstances
from snippets.server_sessions.clients import mariadb_engine, postgresql_engine, sqlite_engine
from snippets.sessions import RedisSessionInterface, SqlAlchemySessionInterface
from tests import servers
from tests.reference.sessions.contract import Site, Subject
from tests.servers import Server

ROOT = Path(__file__).parents[3]


# What they cost.


@proves(
    "reference/sessions-compared",
    "Both use the same server and the same data, take turns, and have 200 other sessions.",
)
def test_both_take_turns_and_have_200_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_sessions, "TURNS", 12)
    order: list[str] = []

    class Timed:
        def __init__(self, name: str) -> None:
            self.name = name

        def time(self, kind: str) -> float:
            order.append(self.name)
            return 1.0

    take_turns(cast(Any, [Timed("ours"), Timed("theirs")]), "read")
    assert order == ["ours", "theirs", "theirs", "ours"] * 6
    assert bench_sessions.OTHERS == 200


@proves(
    "reference/sessions-compared",
    "The table compares the same requests to an application with these interfaces and to "
    "one with Flask-Session.",
    "Both use the same server and the same data, take turns, and have 200 other sessions.",
    "No session is permanent.",
)
def test_both_get_the_same_requests_data_and_server() -> None:
    with bench_places.BACKENDS["Redis"]() as (make, theirs):
        ours = bench_places.ours(make(0))
        for app in (ours, theirs):
            assert app.config["SESSION_PERMANENT"] is False
            client = app.test_client()
            assert "Expires" not in client.get("/start").headers["Set-Cookie"]
            with client.session_transaction() as stored:
                assert {key: stored[key] for key in DATA} == DATA
        assert {rule.rule for rule in ours.url_map.iter_rules()} == {
            rule.rule for rule in theirs.url_map.iter_rules()
        }
        ports = {
            each.connection_pool.connection_kwargs["port"]
            for each in (make(1).store.client, theirs.config["SESSION_REDIS"])  # type: ignore[attr-defined]
        }
        assert len(ports) == 1


@proves(
    "reference/sessions-compared",
    "In each pair of columns, the first is the time of a whole request with these interfaces.",
    "The second tells you how many times as long it takes with Flask-Session, which reads "
    "and writes the session in every request.",
)
def test_the_columns_are_a_time_and_how_many_times_as_long() -> None:
    for name in ("sessions", "sessions-permanent", "sessions-at-once"):
        units = [column["unit"] for column in columns()[name]]
        assert units == ["µs", "×"] * 3
    assert "Flask-Session" in circumstances(*LIBRARIES)["versions"]


@proves(
    "reference/sessions-compared",
    "For MongoDB, SecantusDB was measured.",
    "Servers and files are in memory, because the time of a disk would be the same for both.",
)
def test_mongodb_is_measured_with_secantusdb_and_all_is_in_memory() -> None:
    assert [name for name in bench_places.BACKENDS if "MongoDB" in name] == ["MongoDB (SecantusDB)"]
    assert Path("/dev/shm") == bench_sessions.MEMORY
    mounts = [line.split()[:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    assert "tmpfs" in {kind for _, place, kind in mounts if place == "/dev/shm"}


@proves(
    "reference/sessions-compared",
    "The next table shows four clients at once, in threads, with sessions that are not permanent.",
    "The time is the elapsed time divided by the number of requests:",
)
def test_four_clients_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench_sessions.CLIENTS == 4
    asked: list[object] = []
    monkeypatch.setattr(
        bench_sessions, "Visitor", lambda app: SimpleNamespace(time=lambda kind: asked.append(app))
    )
    times = iter([10.0, 30.0])
    monkeypatch.setattr(bench_sessions.time, "perf_counter", lambda: next(times))
    threads: Any = SimpleNamespace(map=lambda call, visitors: map(call, visitors))
    crowd = bench_sessions.Crowd(Flask("app"), threads)
    # 20 seconds for 4 clients with 5 requests each.
    assert crowd.time("read") == pytest.approx(1e6)
    assert len(asked) == 4


def commands_of(client: Redis, visitor: Visitor, kind: str) -> dict[str, int]:
    """Return which commands a request sends to Redis, and how many of each."""
    client.config_resetstat()
    visitor.ask(kind)
    found = client.info("commandstats")
    return {
        name.removeprefix("cmdstat_"): each["calls"]
        for name, each in found.items()
        if not name.startswith(("cmdstat_config", "cmdstat_info", "cmdstat_client"))
    }


@proves(
    "reference/sessions-compared",
    "The second tells you how many times as long it takes with Flask-Session, which reads "
    "and writes the session in every request.",
    "Each request that reads a permanent session moves its expiry, which takes a second "
    "call, as with Flask-Session:",
)
def test_how_often_both_ask_the_store(redis_server: Server) -> None:
    with Redis(port=redis_server.port) as client:
        theirs = bench_places.theirs("redis", SESSION_REDIS=client)
        ours = bench_places.ours(RedisSessionInterface(client))
        visitors = {"theirs": Visitor(theirs), "ours": Visitor(ours)}
        for kind in ("untouched", "read", "write"):
            assert commands_of(client, visitors["theirs"], kind).keys() == {"get", "set"}
        assert commands_of(client, visitors["ours"], "untouched") == {}
        assert commands_of(client, visitors["ours"], "read") == {"get": 1}
        for app in (theirs, ours):
            cast(Any, app.session_interface).permanent = True
        visitor = Visitor(ours)
        assert commands_of(client, visitor, "read") == {"get": 1, "pexpire": 1}
        assert sum(commands_of(client, Visitor(theirs), "read").values()) == 2


@proves(
    "reference/sessions-compared", "For the comparison, Flask-Session was configured to wait too."
)
def test_flask_session_waits_too_where_it_is_measured() -> None:
    with bench_places.BACKENDS["Memcached"]() as (_, theirs):
        client = theirs.config["SESSION_MEMCACHED"]
        assert isinstance(client, PooledClient)
        assert client.default_noreply is False
        assert PooledClient("127.0.0.1").default_noreply is True


# Idle connections.


@proves(
    "reference/sessions",
    "pool_pre_ping tests a connection before it is used, which costs one message.",
    "So it causes no error if the database has closed idle connections.",
)
def test_every_engine_tests_a_connection_and_bears_one_that_was_closed(
    mariadb_server: Server, postgresql_server: Server, tmp_path: Path
) -> None:
    engines = {
        mariadb_engine(f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"): "KILL {}",
        postgresql_engine(
            f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
        ): "SELECT pg_terminate_backend({})",
    }
    for engine, kill in engines.items():
        site = Site(Subject(lambda **more: SqlAlchemySessionInterface(engine, **more)))  # noqa: B023
        browser = site.visitor(a=1)
        name = "CONNECTION_ID" if "mysql" in engine.dialect.name else "pg_backend_pid"
        with engine.connect() as idle, engine.connect() as other:
            number = idle.exec_driver_sql(f"SELECT {name}()").scalar()
            idle.close()
            other.exec_driver_sql(kill.format(number))
        assert browser.data() == {"a": 1}
        engine.dispose()
    lite = sqlite_engine(f"{tmp_path}/s.db")
    assert all(each.pool._pre_ping for each in (*engines, lite))
    lite.dispose()


@proves(
    "reference/sessions",
    "pool_pre_ping tests a connection before it is used, which costs one message.",
)
def test_the_test_of_a_connection_is_one_message(postgresql_server: Server) -> None:
    engine = postgresql_engine(
        f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    )
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        messages: list[object] = []
        wait = type(driver).wait
        driver.wait = lambda *args, **kw: messages.append(args) or wait(driver, *args, **kw)
        engine.dialect.do_ping(driver)
        assert len(messages) == 1
        del driver.wait
    engine.dispose()


# Broken on purpose.


class Noting:
    """Notes what is done to a server, a clock or the workers, and when it sleeps."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.done.append((name, *arguments) if arguments else name)


@pytest.fixture
def noting(monkeypatch: pytest.MonkeyPatch) -> Noting:
    noting = Noting()
    monkeypatch.setattr(faults.time, "sleep", lambda seconds: noting.done.append(seconds))
    return noting


def place_of(noting: Noting, **more: Any) -> Any:
    return SimpleNamespace(server=noting, clock=noting, forget=lambda: None, **more)


@proves(
    "reference/sessions-compared",
    "Server killed: the server is killed with kill -9 twice, and started again.",
)
def test_a_server_is_killed_twice_and_started_again(noting: Noting) -> None:
    faults.killed(place_of(noting), cast(Any, noting))
    assert [each for each in noting.done if isinstance(each, str)] == ["kill", "start"] * 2


@proves(
    "reference/sessions-compared",
    "Worker killed: processes of the application are killed with kill -9.",
)
def test_workers_are_killed(noting: Noting) -> None:
    faults.worker_killed(place_of(noting), cast(Any, noting))
    assert noting.done.count("kill_worker") == 3
    source = (ROOT / "docs/_ext/proven/commands/chaos/web.py").read_text("utf-8")
    assert "signal.SIGKILL" in source[source.index("def kill_worker") :]


@proves(
    "reference/sessions-compared",
    "Hung: the server is frozen for four seconds (SIGSTOP).",
    "With files, a worker is frozen, and the visitors that it serves wait.",
)
def test_what_hangs_is_frozen_for_four_seconds(
    noting: Noting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.hung(place_of(noting), cast(Any, noting))
    assert noting.done == ["pause", 4.0, "resume"]
    sent: list[tuple[int, object]] = []
    monkeypatch.setattr(faults.os, "kill", lambda pid, number: sent.append((pid, number)))
    faults.worker_hung(place_of(noting), cast(Any, SimpleNamespace(workers=lambda: {7, 8})))
    assert sent == [(7, faults.signal.SIGSTOP), (7, faults.signal.SIGCONT)]


@proves("reference/sessions-compared", "With SQLite, another process holds the lock.")
def test_another_process_holds_the_lock_of_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlAlchemySessionInterface(sqlite_engine(f"{tmp_path}/sessions.db")).store
    errors: list[Exception] = []

    def write(seconds: float) -> None:
        try:
            store.create("a", b"x", 60)
        except Exception as error:
            errors.append(error)

    store.create("before", b"x", 60)
    monkeypatch.setattr(faults.time, "sleep", write)
    faults.locked(cast(Any, SimpleNamespace(folder=tmp_path)), cast(Any, None))
    assert "database is locked" in str(errors[0])
    store.engine.dispose()  # type: ignore[attr-defined]


@proves(
    "reference/sessions-compared",
    "Refused: the server is stopped and started again.",
    "With files, their folder is moved away.",
)
def test_a_server_is_stopped_and_files_are_moved_away(
    noting: Noting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.refused(place_of(noting), cast(Any, noting))
    assert [each for each in noting.done if isinstance(each, str)] == ["stop", "start"]
    tmp_path.joinpath("sessions").mkdir()
    seen: list[bool] = []
    monkeypatch.setattr(
        faults.time, "sleep", lambda _: seen.append(tmp_path.joinpath("sessions").exists())
    )
    faults.folder_gone(cast(Any, SimpleNamespace(folder=tmp_path)), cast(Any, None))
    assert seen == [False]
    assert tmp_path.joinpath("sessions").exists()


@proves(
    "reference/sessions-compared",
    "Disk full: the file system has no space left.",
    "A server that stops because of this is started again.",
)
def test_the_file_system_is_filled_and_the_server_started_again(noting: Noting) -> None:
    answers = iter([True, False, True])
    done: list[str] = []
    place = place_of(
        noting,
        volume=SimpleNamespace(fill=lambda: done.append("fill"), free=lambda: done.append("free")),
        restart=lambda: done.append("restart"),
    )
    faults.disk_full(place, cast(Any, SimpleNamespace(saves=lambda *_: next(answers))))
    assert done == ["fill", "free", "restart"]
    started: list[str] = []
    stopped = SimpleNamespace(runs=False, start=lambda: started.append("start"))
    backends.Place.restart(cast(Any, SimpleNamespace(server=stopped)))
    assert started == ["start"]


@proves(
    "reference/sessions-compared",
    "Clock moved: the clock of the application is set one hour ahead, and then one hour behind.",
)
def test_the_clock_is_an_hour_ahead_and_then_an_hour_behind(noting: Noting) -> None:
    faults.clock_moved(place_of(noting), cast(Any, noting))
    moves = [each[1] for each in noting.done if isinstance(each, tuple)]
    assert moves == [3600, -3600, 0]


@proves(
    "reference/sessions-compared",
    "Workers forked: sync, gthread and gevent workers start with --preload, after the "
    "application has used the backend, and gthread workers also without it.",
)
def test_which_workers_start_with_preload(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {kind for kind, preload in faults.FORKS if preload} == {"sync", "gthread", "gevent"}
    assert [kind for kind, preload in faults.FORKS if not preload] == ["gthread"]
    started: list[tuple[str, bool, bool]] = []

    @contextmanager
    def web(settings: dict[str, Any], *, worker: str, preload: bool) -> Iterator[Any]:
        started.append((worker, settings["used"], preload))
        yield SimpleNamespace(port=0, users=dict)

    @contextmanager
    def load(*arguments: object, **options: object) -> Iterator[Any]:
        yield SimpleNamespace(tally=lambda patience: Tally())

    monkeypatch.setattr(faults, "Web", web)
    monkeypatch.setattr(faults, "Load", load)
    place = SimpleNamespace(settings=lambda used: {"used": used}, backend=SimpleNamespace(name="a"))
    faults.fork(cast(Any, place))
    # With --preload, the application has used the backend before it is forked.
    assert started == [(worker, preload, preload) for worker, preload in faults.FORKS]


@proves(
    "reference/sessions-compared",
    "Reply dropped: a proxy closes connections after the server has carried out a "
    "command, and before the reply arrives.",
)
def test_a_proxy_drops_the_reply_after_the_command_was_carried_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxy, "SHARE", 1.0)
    once = Retry(NoBackoff(), 0)
    with servers.running(servers.redis()) as server, Redis(port=server.port) as direct:
        with proxy.Proxy(server.port) as between, Redis(port=between.port, retry=once) as client:
            assert client.set("before", 1)
            between.dropping = True
            with pytest.raises(RedisConnectionError):
                client.set("dropped", 1)
        assert direct.get("dropped") == b"1"


@proves(
    "reference/sessions-compared",
    "Gunicorn runs the application in two processes, with these clients.",
)
def test_gunicorn_runs_two_processes_with_the_clients_of_the_page() -> None:
    assert WORKERS == 2
    source = ast.parse(Path(chaos_app.__file__).read_text("utf-8"))
    names = {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)}
    assert {
        "redis_client",
        "memcached_client",
        "mongodb_client",
        "postgresql_engine",
        "mariadb_engine",
        "sqlite_engine",
    } <= names


@proves(
    "reference/sessions-compared",
    "nox -s chaos breaks every backend while simulated visitors read, write, log in and log out.",
)
def test_visitors_read_write_log_in_and_log_out() -> None:
    assert {step.split()[0] for step in clients.STEPS} == {
        "read",
        "write",
        "login",
        "logout",
        "old",
    }


@proves("reference/sessions-compared", "A change that got an error may or may not have been saved.")
def test_a_change_without_a_confirmation_may_have_been_saved_or_not() -> None:
    order = Order(port=0, name="a", threads=1, answers=1, size=0, eras="", cookies={})
    for seen, lost in ((1, 0), (2, 0), (0, 1)):
        browser = clients.Browser(order, 0, cast(Any, None))
        visitor = clients.Visitor("ada", n=1, unsure={2})
        browser._is_right(visitor, Answer(200, "ada", seen))
        assert (browser.tally.lost, browser.tally.mixed) == (lost, 0)


@proves(
    "reference/sessions-compared",
    "Redis runs with appendonly yes and appendfsync always.",
    "MariaDB and PostgreSQL run with their default settings.",
    "SecantusDB, which replaces MongoDB, writes its journal before it responds.",
)
def test_how_the_servers_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, tuple[str, ...]] = {}
    for name in ("redis", "mongodb"):
        monkeypatch.setattr(
            servers, name, lambda *options, name=name: asked.update({name: options})
        )
    by_name = {backend.name: backend for backend in backends.BACKENDS}
    for name in ("Redis", "MongoDB"):
        make = by_name[name].server
        assert make is not None
        make()
    assert asked["redis"] == ("--appendonly", "yes", "--appendfsync", "always")
    assert "--sync-on-commit" in asked["mongodb"]
    # Without an option of their own.
    assert by_name["PostgreSQL"].server is servers.postgresql
    assert by_name["MariaDB"].server is servers.mariadb


@proves(
    "reference/sessions-compared",
    "All files are in memory, so the test shows what survives the end of a process, and "
    "not the failure of a machine.",
)
def test_all_files_are_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(volume.subprocess, "run", lambda command, **_: commands.append(command))
    with volume.Volume():
        pass
    assert [each for each in commands[0] if each not in ("sudo", "-n")][:3] == [
        "mount",
        "-t",
        "tmpfs",
    ]


@proves(
    "reference/sessions-compared",
    "Without the first, it would lose what was written since its last snapshot.",
)
def test_without_the_append_only_file_redis_loses_what_came_after_its_snapshot() -> None:
    with servers.running(servers.redis("--save", "3600 1")) as server:
        with Redis(port=server.port) as client:
            store = RedisSessionInterface(client).store
            store.create("before", b"x", 60)
            client.save()
            store.create("after", b"x", 60)
        server.kill()
        server.start()
        with Redis(port=server.port) as client:
            store = RedisSessionInterface(client).store
            assert store.read("before") is not None
            assert store.read("after") is None


@proves("reference/sessions-compared", "A request gets no response if its worker is killed.")
def test_no_response_means_that_the_worker_was_killed() -> None:
    result = json.loads(record.FOLDER.joinpath("chaos.json").read_text("utf-8"))
    for each in result["details"]:
        assert ("none" in each["statuses"]) == (each["fault"] == "worker-killed"), each


# Replace Flask-Session.


@proves(
    "reference/sessions",
    "Flask-Session makes every session permanent unless SESSION_PERMANENT is False, so "
    "its cookie has an Expires date.",
)
def test_flask_session_is_permanent_unless_told_otherwise(redis_server: Server) -> None:
    for config, expires in (({}, True), ({"SESSION_PERMANENT": False}, False)):
        app = Flask("shop")
        with Redis(port=redis_server.port) as client:
            app.config.update(SESSION_TYPE="redis", SESSION_REDIS=client, **config)
            Session(app)
            app.add_url_rule("/", view_func=lambda: session.update(a=1) or "", endpoint="write")
            assert ("Expires=" in app.test_client().get("/").headers["Set-Cookie"]) is expires


# The oldest releases.


@proves("reference/sessions", "nox -s lowest runs the contract with them.")
def test_lowest_runs_the_contract() -> None:
    source = ast.parse(ROOT.joinpath("noxfile.py").read_text("utf-8"))
    (lowest,) = [
        node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "lowest"
    ]
    said = {node.value for node in ast.walk(lowest) if isinstance(node, ast.Constant)}
    assert {
        "tests/reference/sessions/lowest.txt",
        "tests/reference/sessions/test_contract.py",
    } <= said
