"""Put work into a queue in Redis with RQ, and say how far it is."""

import time

from flask import Flask, abort, current_app, url_for
from flask.typing import ResponseReturnValue
from redis import Redis
from rq import Queue, Retry, get_current_job
from rq.exceptions import NoSuchJobError
from rq.job import Job


def write_report(pages: int) -> str:
    # a job runs in the worker, where no request and no context is
    with create_app().app_context():
        job = get_current_job()
        for page in range(1, pages + 1):
            time.sleep(current_app.config["SECONDS"])
            if job:
                job.meta["page"] = page
                job.save_meta()  # type: ignore[no-untyped-call]
        return f"{pages} pages"


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(REDIS_URL="redis://127.0.0.1:6379/0", SECONDS=0.1)
    # SHOP_REDIS_URL
    app.config.from_prefixed_env("SHOP")
    queue = Queue(connection=Redis.from_url(app.config["REDIS_URL"]))

    @app.post("/reports/<int(min=1, max=100):pages>")
    def order(pages: int) -> ResponseReturnValue:
        job = queue.enqueue(write_report, pages, job_timeout=60, retry=Retry(max=2))
        return {"id": job.id}, 202, {"Location": url_for("report", number=job.id)}

    @app.get("/reports/<number>")
    def report(number: str) -> ResponseReturnValue:
        try:
            job = Job.fetch(number, connection=queue.connection)
        except NoSuchJobError:
            abort(404)
        page = job.meta.get("page", 0)
        return {"status": job.get_status(), "page": page, "result": job.return_value()}

    return app
