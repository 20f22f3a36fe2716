"""One connection for each request, opened at first use and closed at the end."""

from itertools import count

from flask import Flask, g

app = Flask(__name__)
numbers = count(1)
open_now: set[int] = set()


def connection() -> int:
    if "connection" not in g:
        g.connection = next(numbers)
        open_now.add(g.connection)
    number: int = g.connection
    return number


@app.teardown_appcontext
def close(error: BaseException | None) -> None:
    # a request that never called connection() has none
    open_now.discard(g.pop("connection", 0))


@app.get("/orders")
def orders() -> dict[str, list[int]]:
    return {"used": [connection(), connection()], "open": sorted(open_now)}


@app.get("/about")
def about() -> dict[str, list[int]]:
    return {"used": [], "open": sorted(open_now)}
