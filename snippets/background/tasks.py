"""Celery, with the context of the application around each task."""

from typing import Any

from celery import Celery, Task, shared_task
from flask import Flask, current_app
from flask.typing import ResponseReturnValue


@shared_task(autoretry_for=(ConnectionError,), retry_backoff=True, max_retries=3)
def greet(name: str) -> str:
    return f"{current_app.config['GREETING']}, {name}"


def init_celery(app: Flask) -> None:
    class ContextTask(Task):
        def __call__(self, *args: Any, **values: Any) -> Any:
            with app.app_context():
                return super().__call__(*args, **values)

    celery = Celery(app.name, task_cls=ContextTask)
    celery.conf.update(broker_url=app.config["REDIS_URL"], result_backend=app.config["REDIS_URL"])
    # shared_task and AsyncResult find it
    celery.set_default()
    app.extensions["celery"] = celery


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(REDIS_URL="redis://127.0.0.1:6379/0", GREETING="Hello")
    app.config.from_prefixed_env("SHOP")
    init_celery(app)

    @app.post("/greetings/<name>")
    def order(name: str) -> ResponseReturnValue:
        return {"id": greet.delay(name).id}, 202

    @app.get("/greetings/<number>")
    def greeting(number: str) -> ResponseReturnValue:
        result = app.extensions["celery"].AsyncResult(number)
        return {"state": result.state, "result": result.result if result.successful() else None}

    return app


# what the worker loads
celery_app = create_app().extensions["celery"]
