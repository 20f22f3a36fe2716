"""An application behind one proxy, whose headers say what the client asked for."""

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
# one proxy sets each of these three headers
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_prefix=1)  # type: ignore[method-assign]


@app.get("/where")
def where() -> dict[str, str | None]:
    return {
        "address": request.remote_addr,
        "link": url_for("where", _external=True),
        "style": url_for("static", filename="shop.css"),
    }


@app.post("/upload")
def upload() -> dict[str, int]:
    return {"bytes": len(request.get_data())}
