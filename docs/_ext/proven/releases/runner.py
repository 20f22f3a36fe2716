"""Runs in the environment of another release: imports snippets, sends their requests, writes down what came back.

``python runner.py jobs.json answers.json`` is a program of its own that imports nothing of this package and works with
every Flask since 0.12. Each job has a process of its own, forked from this one, which has imported the libraries once.
:mod:`proven.releases.jobs` makes the jobs, :mod:`proven.releases.compare` reads the answers.
"""

from __future__ import annotations

import base64
import datetime
import doctest
import importlib
import importlib.util
import json
import logging
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from typing import Any

#: What is imported before the first fork: libraries that do not import Flask.
EARLY = (
    "flask",
    "blinker",
    "time_machine",
    "sqlalchemy.orm",
    "wtforms",
    "babel",
    "secure",
    "limits",
)
CLOCK = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)  # noqa: UP017
#: Seconds of the processor that a job may take, and seconds in all: a busy machine is slow, not wrong.
LIMIT = 30
PATIENCE = 600
#: With more jobs than these, importing the libraries once is quicker.
MANY = 5
#: Bytes of a body that are kept.
LONGEST = 100_000


def said(error: BaseException) -> str:
    """Return what an exception says: its type and the first line of its text."""
    text = str(error).strip().partition("\n")[0]
    # An address or a path differs from run to run, from machine to machine.
    for place in (tempfile.gettempdir(), os.getcwd()):
        text = text.replace(place, "…")
    text = text.partition(" (/")[0] if isinstance(error, ImportError) else text
    return type(error).__name__ + (": " + text[:200] if text else "")


def noted(caught: list[warnings.WarningMessage]) -> list[str]:
    """Return the warnings of deprecation, each once, in order."""
    kinds = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, UserWarning)
    texts = [
        f"{item.category.__name__}: {str(item.message).strip()}"
        for item in caught
        if issubclass(item.category, kinds) and "site-packages" not in str(item.filename)
    ]
    return list(dict.fromkeys(texts))


def imported(job: dict[str, Any]) -> Any:
    """Return the module of a snippet, or of a file of old code."""
    if job.get("file"):
        spec = importlib.util.spec_from_file_location(job["module"], job["file"])
        assert spec is not None and spec.loader is not None  # noqa: S101, PT018
        module = importlib.util.module_from_spec(spec)
        sys.modules[job["module"]] = module
        spec.loader.exec_module(module)
        return module
    return importlib.import_module(job["module"])


def application(module: Any) -> Any:
    """Return the application of a module."""
    app = getattr(module, "app", None)
    if app is None and hasattr(module, "create_app"):
        app = module.create_app()
    return app


def send(app: Any, client: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Send one request; return the answer, and the exception that a 500 comes from."""
    raised: list[BaseException] = []
    import flask

    def hear(sender: Any, exception: BaseException, **_: Any) -> None:
        raised.append(exception)

    flask.got_request_exception.connect(hear, app)
    options: dict[str, Any] = {}
    if request["kind"] == "form":
        options["data"] = dict(request["form"])
    elif request["kind"]:
        options["data"] = base64.b64decode(request["data"])
    if request["content_type"]:
        options["content_type"] = request["content_type"]
    headers = [tuple(header) for header in request["headers"]]
    # The client of each Werkzeug would name its release, and an application may look at that.
    if all(name.lower() != "user-agent" for name, _ in headers):
        headers.append(("User-Agent", "Werkzeug"))
    try:
        response = client.open(
            request["target"],
            method=request["method"],
            base_url=request["base_url"],
            headers=headers,
            errors_stream=StringIO(),
            **options,
        )
        body = b""
        for part in response.iter_encoded():
            body += part
            if len(body) > LONGEST:
                break
        response.close()
    except BaseException as error:
        return {"raises": said(error)}
    finally:
        flask.got_request_exception.disconnect(hear, app)
    answer = {
        "status": response.status,
        "headers": [[name, value] for name, value in response.headers],
        "body": base64.b64encode(body).decode(),
    }
    if raised and response.status_code == 500:
        answer["raised"] = said(raised[-1])
    return answer


def exchange(job: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    """Send the requests of one block to a new application, with one cookie jar."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            module = imported(job)
            if not block["requests"]:
                return {"answers": [], "warns": noted(caught)}
            app = application(module)
            app.logger.handlers, app.logger.propagate = [logging.NullHandler()], False
            client = app.test_client()
        except BaseException as error:
            return {"raises": said(error), "warns": noted(caught)}
        answers = [send(app, client, request) for request in block["requests"]]
    return {"answers": answers, "warns": noted(caught)}


def examples(text: str, name: str, space: dict[str, Any]) -> list[str]:
    """Run the examples of a text; return what they gave where it is not what they say."""
    test = doctest.DocTestParser().get_doctest(text, space, name, name, 0)
    found: list[str] = []

    class Runner(doctest.DocTestRunner):
        def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
            line = got.strip().splitlines()[:1]
            found.append(f"gives {line[0][:200]}" if line else "gives nothing")

        def report_unexpected_exception(
            self, out: Any, test: Any, example: Any, exc_info: Any
        ) -> None:
            found.append(f"raises {said(exc_info[1])}")

    Runner(verbose=False).run(test, clear_globs=False)
    space.update(test.globs)
    return found


def work(job: dict[str, Any]) -> Any:
    """Do a job: the blocks of a snippet, the docstrings of one, or the examples of a page."""
    if job["does"] == "examples":
        space: dict[str, Any] = {}
        # A name of its own for each block: doctest finds the source of a frame by it.
        return [
            examples(text, f"{job['page']}-{number}", space)
            for number, text in enumerate(job["texts"])
        ]
    if job["does"] == "measure":
        try:
            return str(getattr(imported(job), job["function"])())
        except BaseException as error:
            return said(error)
    if job["does"] == "docstrings":
        try:
            module = importlib.import_module(job["module"])
        except BaseException as error:
            return [f"raises {said(error)}"]
        finder = doctest.DocTestFinder()
        found = []
        for test in finder.find(module, job["module"]):
            found += examples(test.docstring or "", test.name, dict(test.globs))
        return found
    return [fresh(job, block) for block in job["blocks"]]


def fresh(job: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    """Run one block after forgetting every snippet, so that no state is left of the block before."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "snippets"]:
        del sys.modules[name]
    return exchange(job, block)


@contextmanager
def apart() -> Iterator[None]:
    """Give a job an empty folder, a clock that stands still, and nowhere to print to."""
    import time_machine

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        os.makedirs(os.path.join(folder, "work"))
        os.chdir(os.path.join(folder, "work"))
        with (
            redirect_stdout(StringIO()),
            redirect_stderr(StringIO()),
            time_machine.travel(CLOCK, tick=False),
        ):
            yield
        os.chdir("/")


def child(job: dict[str, Any], pipe: int) -> None:
    """Do one job in this forked process, write the outcome into the pipe, and end the process."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    signal.alarm(PATIENCE)
    try:
        logging.root.handlers = [logging.NullHandler()]
        with apart():
            outcome = json.dumps({"done": work(job)})
    except BaseException:
        outcome = json.dumps({"failed": traceback.format_exc()})
    with os.fdopen(pipe, "wb") as stream:
        stream.write(outcome.encode())
    os._exit(0)


def run(job: dict[str, Any]) -> Any:
    """Do one job in a forked process."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        child(job, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        text = stream.read()
    os.waitpid(process, 0)
    return json.loads(text) if text else {"failed": f"TimeoutError: longer than {LIMIT} seconds"}


def main(jobs_file: str, answers_file: str) -> None:
    """Do all jobs and write their outcomes, in the same order."""
    with open(jobs_file, encoding="utf-8") as stream:
        given = json.load(stream)
    sys.path[:0] = given["path"]
    warnings.simplefilter("ignore")
    for name in EARLY if len(given["jobs"]) > MANY else ():
        with suppress(Exception):
            importlib.import_module(name)
    outcomes = [run(job) for job in given["jobs"]]
    with open(answers_file, "w", encoding="utf-8") as stream:
        json.dump(outcomes, stream)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
