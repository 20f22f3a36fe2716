"""RQ and Celery on a real Redis, with real workers: docs/guide/background.md."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from proven.claims.proofs import proves
from snippets.background import jobs, tasks
from tests.guide.background.common import on_the_page, worker
from tests.servers import Server, free_port, wait_for

WORKER = "--concurrency=1"


@proves(
    "guide/background",
    "The view puts the name of a function and its arguments into Redis, and a worker, which is a "
    "process of its own, runs it:",
    "job.meta has what the job says about itself.",
    "survives the end of the web server | no | yes | yes",
    "runs on another machine | no | yes | yes",
    "The worker forks a process for each job.",
    "create_app() in the job gives it the context, and its own connections.",
)
def test_rq(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECONDS", "0.3")
    client = jobs.create_app().test_client()
    ordered = client.post("/reports/3")
    assert ordered.status_code == 202

    def now() -> dict[str, object]:
        answer = client.get(ordered.headers["Location"]).json
        assert answer is not None
        return answer

    assert now() == {"status": "queued", "page": 0, "result": None}
    with Redis(port=server.port) as redis:
        [job] = Queue(connection=redis).jobs
        assert (job.func_name, job.args) == ("snippets.background.jobs.write_report", (3,))
        assert job.get_status() == "queued"
    with worker("rq.sh", server, tmp_path / "log"):
        wait_for(lambda: now()["page"] in (1, 2))
        assert now()["status"] == "started"
        wait_for(lambda: now()["status"] == "finished")
    assert now() == {"status": "finished", "page": 3, "result": "3 pages"}
    assert client.get("/reports/nothing").status_code == 404


@proves(
    "guide/background",
    "The worker imports the function by its name.",
    "So it has to stand in a module that can be imported, and a lambda or a function inside of "
    "another one is refused.",
    "The function stands in the file that was started.",
    "Move it to a module that both sides import.",
)
def test_what_a_queue_takes(server: Server) -> None:
    with Redis(port=server.port) as redis:
        queue = Queue(connection=redis)

        def inside() -> None: ...

        for function in (lambda: 1, inside):
            queue.enqueue(function)
            SimpleWorker([queue], connection=redis).work(burst=True)
        assert queue.failed_job_registry.count == 2
        code = (
            "from redis import Redis\nfrom rq import Queue\ndef work(): pass\n"
            f"Queue(connection=Redis(port={server.port})).enqueue(work)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        text = "ValueError: Functions from the __main__ module cannot be processed by workers"
        assert on_the_page(text) in done.stderr


@proves(
    "guide/background",
    "A job that raises an exception is put back as often as Retry says, and then has the status failed.",
    "can be repeated after an error | no | yes | yes",
    "A job is killed after job_timeout (180 seconds if left out), and its result is kept for 500 "
    "seconds if result_ttl is left out.",
    "A job that is repeated runs from its beginning.",
)
def test_errors_of_a_job(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def fail(pages: int) -> str:
        runs.append(pages)
        raise OSError("no paper")

    monkeypatch.setattr(jobs, "write_report", fail)
    fail.__module__, fail.__qualname__ = "snippets.background.jobs", "write_report"
    client = jobs.create_app().test_client()
    ordered = client.post("/reports/7")
    with Redis(port=server.port) as redis:
        SimpleWorker([Queue(connection=redis)], connection=redis).work(burst=True)
        assert runs == [7, 7, 7]
        assert client.get(ordered.headers["Location"]).json["status"] == "failed"  # type: ignore[index]
        monkeypatch.undo()
        queue = Queue(connection=redis)
        job = queue.enqueue(jobs.create_app)
        assert job.timeout == 180
        quick = queue.enqueue(time_sleep, 5, job_timeout=1)
        kept = queue.enqueue(time_sleep, 0)
        SimpleWorker([queue], connection=redis).work(burst=True)
        assert quick.get_status() == "failed"
        assert 490 < redis.ttl(Job.key_for(kept.id)) <= 500


@proves(
    "guide/background",
    "Call the function of a job directly: it is an ordinary function.",
    "Queue(is_async=False) runs each job at once in enqueue, and so does task_always_eager of Celery, "
    "without Redis for the broker.",
)
def test_tests(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECONDS", "0")
    assert jobs.write_report(2) == "2 pages"
    with Redis(port=server.port) as redis:
        job = Queue(is_async=False, connection=redis).enqueue(jobs.write_report, 2)
        assert (job.get_status(), job.return_value()) == ("finished", "2 pages")
        assert job.meta == {"page": 2}
    app = tasks.create_app()
    app.extensions["celery"].conf.update(
        task_always_eager=True, broker_url=f"redis://127.0.0.1:{free_port()}/0"
    )
    assert tasks.greet.delay("ada").get() == "Hello, ada"


@proves(
    "guide/background",
    "A class for the tasks puts the context of the application around each one:",
    "shared_task needs no celery object, so the tasks can stand in any module.",
    "AsyncResult needs the result backend, and its state is PENDING for a task that waits, and also "
    "for one that does not exist.",
    "The worker has not imported the module of the task.",
    "Import it in the module that the worker loads.",
)
def test_celery(server: Server, tmp_path: Path) -> None:
    app = tasks.create_app()
    client = app.test_client()
    accepted = client.post("/greetings/ada")
    assert accepted.status_code == 202
    number = accepted.json["id"]  # type: ignore[index]

    def now(number: str) -> dict[str, object]:
        answer = client.get(f"/greetings/{number}").json
        assert answer is not None
        return answer

    assert now(number) == now("nothing") == {"state": "PENDING", "result": None}
    with worker("celery.sh", server, tmp_path / "log", WORKER, "--loglevel=INFO") as log:
        wait_for(lambda: now(number)["state"] == "SUCCESS")
        app.extensions["celery"].send_task("shop.unknown")
        text = on_the_page("Received unregistered task of type")
        wait_for(lambda: text in log.read_text())
    assert now(number) == {"state": "SUCCESS", "result": "Hello, ada"}


def time_sleep(seconds: float) -> None:
    time.sleep(seconds)


def tea_is_there(file: str) -> bool:
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT count(*) FROM note").fetchone()[0]
    connection.close()
    return bool(found)


@proves(
    "guide/background",
    "Commit before enqueue: the worker can be faster than you.",
    "The job began before the commit.",
    "Put it into the queue afterwards.",
)
def test_a_job_before_the_commit(server: Server, tmp_path: Path) -> None:
    file = str(tmp_path / "notes.db")
    writer = sqlite3.connect(file)
    writer.execute("CREATE TABLE note (text TEXT)")
    writer.execute("INSERT INTO note VALUES ('tea')")
    with Redis(port=server.port) as redis:
        queue = Queue(connection=redis)
        found = []
        for _ in range(2):
            job = queue.enqueue(tea_is_there, file)
            SimpleWorker([queue], connection=redis).work(burst=True)
            found.append(job.return_value())
            writer.commit()
    writer.close()
    assert found == [False, True]


class User:
    """An object that cannot be sent."""


@proves(
    "guide/background",
    "The arguments are sent as JSON.",
    "The argument of a task is an object.",
    "Pass its id, and load it in the task.",
    "The broker does not run, or Celery does not know its address and tries RabbitMQ on this machine.",
    "Call init_celery in the factory, before the first delay.",
    "The result is read, and result_backend is not set.",
    "Celery sends JSON instead.",
)
def test_errors_of_celery(server: Server) -> None:
    tasks.create_app()
    tasks.greet.delay("阿达")
    with Redis(port=server.port) as redis:
        sent = redis.lindex("celery", 0)
    assert b'"content-type": "application/json"' in sent
    with pytest.raises(Exception, match="not JSON serializable") as refused:
        tasks.greet.delay(User())
    assert on_the_page("Object of type User is not JSON serializable") in str(refused.value)
    for broker in (f"redis://127.0.0.1:{free_port()}/0", None):
        plain = Celery("plain", set_as_current=False, broker=broker)
        plain.conf.broker_transport_options = {"max_retries": 0}

        @plain.task(name="plain.task", shared=False)
        def task(text: str) -> str:
            return text

        if broker is None:
            assert plain.connection().as_uri().startswith("amqp://guest:**@localhost:5672")
        with pytest.raises(Exception, match="111") as caught:
            task.apply_async(("x",), retry=False)
        if broker is None:
            kind = type(caught.value)
            on_the_page(f"{kind.__module__}.{kind.__name__}: {caught.value}")
    with pytest.raises(AttributeError) as backend:
        _ = plain.AsyncResult("any").state
    on_the_page(f"AttributeError: {backend.value}")


@proves(
    "guide/background",
    "RQ stores a job as a hash in Redis, and its id in a list.",
    "A worker waits at the list with a command that blocks, so it needs no polling.",
    "The function and its arguments are stored with pickle: who can write to your Redis can run code "
    "in your worker.",
)
def test_inside(server: Server, tmp_path: Path) -> None:
    with Redis(port=server.port) as redis:
        job = Queue(connection=redis).enqueue(jobs.write_report, 1)
        assert redis.type(f"rq:job:{job.id}") == b"hash"
        assert redis.lrange("rq:queue:default", 0, -1) == [job.id.encode()]
        data = pickle.loads(zlib.decompress(redis.hget(f"rq:job:{job.id}", "data")))
        assert data == ("snippets.background.jobs.write_report", None, (1,), {})
        redis.flushall()
        with worker("rq.sh", server, tmp_path / "log"):
            wait_for(
                lambda: any(
                    c["cmd"] in ("blmove", "brpoplpush", "blpop") for c in redis.client_list()
                )
            )
