"""Old addresses redirect to a pattern or to what a function returns."""

from flask import Flask
from werkzeug.exceptions import Gone
from werkzeug.routing import MapAdapter

app = Flask(__name__)

TITLES = {7: "hello-flask"}


@app.get("/home/<int:nid>")
def home(nid: int) -> str:
    return f"Home {nid}"


@app.get("/articles/<title>")
def article(title: str) -> dict[str, str]:
    return {"title": title}


def moved(adapter: MapAdapter, nid: int) -> str:
    if nid not in TITLES:
        raise Gone("That article was taken down.")
    return adapter.build("article", {"title": TITLES[nid]})


# these two rules need no view function
app.add_url_rule("/index/<int:nid>", endpoint="old-home", redirect_to="/home/<nid>")
app.add_url_rule("/posts/<int:nid>", endpoint="old-article", redirect_to=moved)
