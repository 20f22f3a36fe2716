"""Let programs in by a token, and describe that too."""

from apiflask import APIFlask, HTTPTokenAuth

app = APIFlask(__name__)
auth = HTTPTokenAuth(scheme="Bearer")
# in your application the hashes of tokens, in a table
OWNERS = {"4f2a-secret": "ada"}


@auth.verify_token
def owner_of(token: str) -> str | None:
    return OWNERS.get(token)


@app.get("/me")
@app.auth_required(auth)
def me() -> dict[str, object]:
    return {"user": auth.current_user}
