"""An alias redirects to the main address; no request matches a build-only rule."""

from flask import Flask, url_for

app = Flask(__name__)


@app.get("/users/<name>")
def user(name: str) -> dict[str, str]:
    return {
        "page": url_for("user", name=name),
        "photo": url_for("photo", file=f"{name}.jpg"),
    }


app.add_url_rule("/u/<name>", endpoint="user", alias=True)

# served by the web server in front; registered only for url_for
app.add_url_rule("/photos/<path:file>", endpoint="photo", build_only=True)
