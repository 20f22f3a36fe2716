"""Pay once, even if the client sends its request again."""

from flask import Flask, abort, request

app = Flask(__name__)
# in production a table with a unique key, written in the transaction of the payment
done: dict[str, tuple[bytes, dict[str, int]]] = {}


@app.post("/payments")
def pay() -> tuple[dict[str, int], int]:
    key = request.headers.get("Idempotency-Key") or abort(400, "Idempotency-Key is missing.")
    body = request.get_data()
    if key in done and done[key][0] != body:
        abort(422, "This key was used for another payment.")
    if key not in done:
        done[key] = body, {"payment": len(done) + 1}
    return done[key][1], 201
