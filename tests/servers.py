"""Real servers for the tests: each on a private port of this machine, in a temporary folder.

A server starts when the first test asks for its fixture and stops with the run. Where it is not
installed, the tests that need it are skipped and say how to install it; in continuous integration
(``CI`` is set) that is a failure instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest
from redis import Redis
from werkzeug.serving import make_server

from tests.needs import programs

_HOST = "127.0.0.1"
_ROOT = Path(__file__).parents[1]
_MONGO = _ROOT / ".nox/servers/bin/secantusd-py"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process that a test can also kill, pause and start again on the same port."""

    def __init__(
        self,
        command: Callable[[int, Path], list[str]],
        ready: Callable[[int], object],
        owner: str | None = None,
        stop: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="proven-"))
        if owner and os.geteuid() == 0:
            shutil.chown(self.folder, owner)
        self._command = command
        self._ready = ready
        self._stop = stop
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.folder / "server.log"

    def start(self, timeout: float = 30) -> Server:
        """Start the server and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(self.port, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **self._environment},
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._ready(self.port)
            except Exception as error:
                gone = self._process.poll() is not None
                if gone or time.monotonic() > deadline:
                    self.stop()
                    text = self.log.read_text(errors="replace")[-3000:]
                    raise RuntimeError(f"the server did not start ({error!r}):\n{text}") from error
                time.sleep(0.02)
            else:
                return self

    @property
    def pid(self) -> int:
        """The id of its process."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """What its process ended with, if it has ended."""
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        """Ask the server to end, and wait."""
        self._end(self._stop)

    def kill(self) -> None:
        """End the server without a warning, as a crash does."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze the server: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)
        deadline = time.monotonic() + 5
        while not all(_is_stopped(pid) for pid in self._pids()):
            if time.monotonic() > deadline:
                raise RuntimeError("the server does not stop")
            time.sleep(0.01)

    def resume(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _pids(self) -> list[int]:
        """Return the server's process and its helpers, which may be in sessions of their own."""
        if self._process is None or not self.runs:
            return []
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(stat.parent.name)] = int(_after_name(stat).split()[1])
        found = [self._process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def _end(self, number: int) -> None:
        if self._process:
            self.resume()
            self._signal(number)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait(15)

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _after_name(stat: Path) -> str:
    # The second field is the program's name in parentheses, with whatever characters it has.
    return stat.read_text(errors="replace").rpartition(")")[2]


def _is_stopped(pid: int) -> bool:
    try:
        threads = [
            _after_name(stat).split()[0] for stat in Path(f"/proc/{pid}/task").glob("*/stat")
        ]
    except OSError:
        return True
    return set(threads) <= {"T", "Z"}


def _connects(port: int) -> None:
    with socket.create_connection((_HOST, port), timeout=1):
        pass


def _redis_answers(port: int) -> None:
    with socket.create_connection((_HOST, port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        if not connection.recv(16).startswith(b"+PONG"):
            raise ConnectionError("not ready")


def redis(*options: str) -> Server:
    """Return a Redis server, not started. `options` as on its command line."""
    (program,) = programs("apt-get install redis-server", "redis-server")
    return Server(
        lambda port, folder: [
            *[program, "--port", str(port), "--bind", _HOST, "--dir", str(folder)],
            *["--save", "", "--appendonly", "no", *options],
        ],
        _redis_answers,
    )


def redis_sentinel(config: str) -> Server:
    """Return a Redis Sentinel, not started, with the lines of `config` beside its port."""
    (program,) = programs("apt-get install redis-server", "redis-server")

    def command(port: int, folder: Path) -> list[str]:
        path = folder / "sentinel.conf"
        if not path.exists():
            path.write_text(f"port {port}\nbind {_HOST}\ndir {folder}\n{config}\n")
        return [program, str(path), "--sentinel"]

    return Server(command, _redis_answers)


def memcached(*options: str) -> Server:
    """Return a Memcached server, not started. `options` as on its command line."""
    (program,) = programs("apt-get install memcached", "memcached")
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    return Server(
        lambda port, _: [program, *user, "-l", _HOST, "-p", str(port), "-U", "0", *options],
        _connects,
    )


def mariadb(*options: str) -> Server:
    """Return a MariaDB server, not started, with user `root`, no password and a database `test`.

    `options` as on its command line.
    """
    program, install, _ = programs(
        "apt-get install mariadb-server", "mariadbd", "mariadb-install-db", "mariadb"
    )
    user = ["--user=root"] if os.geteuid() == 0 else []

    def command(port: int, folder: Path) -> list[str]:
        if not (folder / "data").exists():
            made = [install, "--no-defaults", *user, f"--datadir={folder}/data"]
            made += ["--auth-root-authentication-method=normal"]
            # It starts a server of its own, which a busy machine may refuse a resource once.
            for _ in range(2):
                done = subprocess.run(made, capture_output=True, text=True)
                if not done.returncode:
                    break
                shutil.rmtree(folder / "data", ignore_errors=True)
            else:
                raise RuntimeError(f"{install}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return [
            *[program, "--no-defaults", *user, f"--datadir={folder}/data"],
            *[f"--socket={folder}/my.sock", f"--bind-address={_HOST}", f"--port={port}"],
            "--skip-name-resolve",
            *options,
        ]

    return Server(command, _connects)


def postgresql(*options: str) -> Server:
    """Return a PostgreSQL server, not started, with user and database `postgres`, no password.

    `options` as on its command line.
    """
    program, initdb, _ = programs("apt-get install postgresql", "postgres", "initdb", "pg_isready")
    # The server refuses to run as root.
    as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    prefix = as_owner if os.geteuid() == 0 else []

    def command(port: int, folder: Path) -> list[str]:
        data = folder / "data"
        if not data.exists():
            subprocess.run(
                [
                    *[*prefix, initdb, "--pgdata", str(data), "--auth=trust"],
                    *["--username=postgres", "--encoding=UTF8", "--locale=C"],
                ],
                check=True,
                capture_output=True,
                cwd=folder,
            )
        return [
            *[*prefix, program, "-D", str(data), "-p", str(port), "-h", _HOST],
            *["-k", str(folder), *options],
        ]

    def ready(port: int) -> None:
        (program,) = programs("apt-get install postgresql", "pg_isready")
        subprocess.run([program, "-h", _HOST, "-p", str(port)], check=True, capture_output=True)

    # On SIGTERM it would wait for its clients to leave.
    return Server(command, ready, owner="postgres", stop=signal.SIGINT)


def postgresql_replica(primary: Server) -> Server:
    """Return a PostgreSQL server, not started, that copies another one and follows it."""
    (backup,) = programs("apt-get install postgresql", "pg_basebackup")
    server = postgresql("-c", "fsync=off")
    as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    subprocess.run(
        [
            *(as_owner if os.geteuid() == 0 else []),
            *[backup, "--host", _HOST, "--port", str(primary.port), "--username=postgres"],
            *["--pgdata", str(server.folder / "data"), "--write-recovery-conf"],
            *["--checkpoint=fast", "--no-sync"],
        ],
        check=True,
        capture_output=True,
        cwd=server.folder,
    )
    return server


def mongodb(storage: str = ":memory:", *options: str) -> Server:
    """Return a server that speaks MongoDB's protocol, not started.

    It is SecantusDB, in an environment of its own: its path is in ``PROVEN_MONGO_SERVER``, or it
    is where ``nox -s servers`` puts it. `storage` is a folder below the server's own, or memory.
    """
    (program,) = programs("nox -s servers", os.environ.get("PROVEN_MONGO_SERVER", str(_MONGO)))
    return Server(
        lambda port, _: [
            *[program, "--host", _HOST, "--port", str(port), "--standalone"],
            *["--storage-path", storage, "--log-level", "WARNING", *options],
        ],
        _connects,
    )


def flask_run(app: str, *options: str, **environment: str) -> Server:
    """Return Flask's development server, not started: ``flask --app … run`` in a folder of its own.

    Its own folder may hold the module; that of the project, with the snippets, is on the path too.
    """
    program = str(Path(sys.executable).with_name("flask"))
    return Server(
        lambda port, _: [program, "--app", app, "run", "--port", str(port), *options],
        _connects,
        environment={"PYTHONPATH": str(_ROOT), **environment},
    )


def gunicorn(app: str, *options: str, **environment: str) -> Server:
    """Return Gunicorn, not started, in a folder of its own; the folder of the project is on the path too."""
    program = str(Path(sys.executable).with_name("gunicorn"))
    return Server(
        lambda port, _: [program, "--bind", f"{_HOST}:{port}", *options, app],
        _connects,
        environment={"PYTHONPATH": str(_ROOT), **environment},
    )


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until a condition holds; an error is a no."""
    deadline = time.monotonic() + seconds
    while True:
        reason = "no"
        try:
            if condition():
                return
        except Exception as error:
            reason = repr(error)
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not happen in {seconds} seconds: {reason}")
        time.sleep(0.05)


@contextlib.contextmanager
def served(
    app: WSGIApplication, *, threaded: bool = True, certificate: Path | None = None
) -> Iterator[int]:
    """Serve an application of this process on a free port, which is yielded.

    Args:
        app: The application.
        threaded: Whether each request has a thread of its own.
        certificate: The folder with ``certificate.pem`` and ``key.pem``, for HTTPS.
    """
    context = certificate and (
        str(certificate / "certificate.pem"),
        str(certificate / "key.pem"),
    )
    server = make_server("127.0.0.1", 0, app, threaded=threaded, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server and, in the end, remove it."""
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with running(redis()) as server:
        yield server


@pytest.fixture(scope="session")
def memcached_server() -> Iterator[Server]:
    with running(memcached()) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    # Without waiting for the disk at each commit; what survives a crash is tested on others.
    with running(mariadb("--innodb-flush-log-at-trx-commit=2")) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with running(postgresql("-c", "fsync=off")) as server:
        yield server


@pytest.fixture(scope="session")
def mongodb_server() -> Iterator[Server]:
    with running(mongodb()) as server:
        yield server


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[list[Server]]:
    """Three masters of a Redis Cluster, each with a third of the slots."""
    with contextlib.ExitStack() as stack:
        bus = [free_port() for _ in range(3)]
        masters = [
            stack.enter_context(
                running(redis("--cluster-enabled", "yes", "--cluster-port", str(port)))
            )
            for port in bus
        ]
        clients = [stack.enter_context(Redis(port=master.port)) for master in masters]
        bounds = [16_384 * number // 3 for number in range(4)]
        for client, first, end in zip(clients, bounds, bounds[1:], strict=False):
            client.execute_command("CLUSTER ADDSLOTSRANGE", first, end - 1)
            client.execute_command("CLUSTER MEET", "127.0.0.1", masters[0].port, bus[0])
        for client in clients:
            wait_for(lambda: client.cluster("INFO")["cluster_state"] == "ok")  # noqa: B023
            wait_for(lambda: len(client.cluster("NODES")) == 3)  # noqa: B023
        yield masters
