"""A WebSocket behind nginx, for pages of the site that the browser asked for."""

from typing import Any

from flask import Flask, abort, request
from flask_sock import Sock
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
# a page that came over HTTPS has an origin with https, which only the proxy knows
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_prefix=1)  # type: ignore[method-assign]
app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25}
sock = Sock(app)


@app.before_request
def only_from_here() -> None:
    if request.origin and request.origin != request.host_url.rstrip("/"):
        abort(403)


@sock.route("/chat")
def chat(socket: Any) -> None:
    # until the page is closed
    while True:
        socket.send(f"you said {socket.receive()}")
