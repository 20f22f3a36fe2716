"""Log a user out of every browser at once, with a number that each session must match."""

from flask import Flask, request, session

app = Flask(__name__)
app.secret_key = "dev"
# In your application, this is a column of the user table.
GENERATIONS = {"ada": 0, "bob": 0}


@app.before_request
def end_old_sessions() -> None:
    user = session.get("user")
    if user and session.get("generation") != GENERATIONS.get(user):
        session.clear()


@app.post("/login")
def log_in() -> str:
    session.clear()
    user = request.form["name"]
    session.update(user=user, generation=GENERATIONS[user])
    return "welcome"


@app.get("/")
def index() -> str:
    return f"Hello {session.get('user', 'stranger')}"


@app.post("/logout")
def log_out() -> str:
    session.clear()
    return "bye"


@app.post("/logout-everywhere")
def log_out_everywhere() -> str:
    GENERATIONS[session["user"]] += 1
    session.clear()
    return "bye"
