"""Give a list in pages, and a link to the next one."""

from flask import Flask, request, url_for

app = Flask(__name__)
NAMES = [f"note {number}" for number in range(1, 8)]


@app.get("/notes")
def notes() -> dict[str, object]:
    after = request.args.get("after", 0, type=int)
    size = min(max(request.args.get("size", 3, type=int), 1), 5)
    found = NAMES[after : after + size]
    more = after + size < len(NAMES)
    following = url_for("notes", after=after + size, size=size) if more else None
    return {"items": found, "next": following}
