"""Send the page news while they happen: server-sent events."""

import time
from collections.abc import Iterator

from flask import Flask, Response, json, request

PAGE = """
<progress id=bar max=3 value=0></progress>
<script>
  const source = new EventSource("/progress");
  source.addEventListener("page", event => { bar.value = JSON.parse(event.data).page; });
  source.addEventListener("done", () => { source.close(); document.title = "done"; });
</script>
"""
app = Flask(__name__)
app.config["SECONDS"] = 0.0


def event(name: str, number: int, data: object) -> str:
    return f"event: {name}\nid: {number}\ndata: {json.dumps(data)}\n\n"


@app.get("/")
def front_page() -> str:
    return PAGE


@app.get("/progress")
def progress() -> Response:
    # after a lost connection, the browser says what it has
    seen = request.headers.get("Last-Event-ID", 0, type=int)
    seconds = app.config["SECONDS"]

    def events() -> Iterator[str]:
        for page in range(seen + 1, 4):
            time.sleep(seconds)
            yield event("page", page, {"page": page})
        yield event("done", 4, None)

    response = Response(events(), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
