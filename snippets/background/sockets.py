"""Talk with a page in both ways: a WebSocket, for pages of this site only."""

from typing import Any

from flask import Flask, abort, request
from flask_sock import Sock

app = Flask(__name__)
app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25, "max_message_size": 10_000}
sock = Sock(app)


@app.before_request
def only_from_here() -> None:
    # no same-origin policy and no CORS protect a WebSocket
    is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
    if is_socket and request.origin != request.host_url.rstrip("/"):
        abort(403)


@sock.route("/chat")
def chat(socket: Any) -> None:
    # until the page is closed
    while True:
        socket.send(f"you said {socket.receive()}")
