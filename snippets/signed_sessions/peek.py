"""Read a session cookie without the key, as anybody can who has it."""

import zlib
from datetime import UTC, datetime

from flask import Flask, request, session
from itsdangerous import base64_decode

app = Flask(__name__)
app.secret_key = "nobody knows this"


def peek(cookie: str) -> dict[str, str]:
    compressed = cookie.startswith(".")
    payload, signed, signature = cookie.lstrip(".").split(".")
    data = base64_decode(payload)
    seconds = int.from_bytes(base64_decode(signed), "big")
    return {
        "data": (zlib.decompress(data) if compressed else data).decode(),
        "signed at": datetime.fromtimestamp(seconds, UTC).isoformat(),
        "signature": signature,
    }


@app.post("/login")
def log_in() -> str:
    session.update(user="ada", roles=("editor", "admin"))
    return "welcome"


@app.get("/peek")
def show() -> str:
    return "\n".join(f"{name}: {part}" for name, part in peek(request.cookies["session"]).items())
