"""Work that has to wait for the first request is done in a hook with a lock."""

from threading import Event, Lock

from flask import Flask, request

app = Flask(__name__)
loaded: list[str] = []
ready = Event()
lock = Lock()


def load() -> None:
    loaded.append(request.path)


@app.before_request
def load_once() -> None:
    if ready.is_set():
        return
    with lock:
        # another thread may have finished in the meantime
        if not ready.is_set():
            load()
            ready.set()


@app.get("/<page>")
def show(page: str) -> dict[str, list[str]]:
    return {"loaded for": loaded}
