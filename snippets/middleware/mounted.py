"""Two applications on one host: the shop at the root, its administration below a prefix."""

from flask import Flask, request, session, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask("shop")
app.secret_key = "dev"
admin = Flask("admin")
admin.secret_key = "dev too"
# otherwise each would overwrite the session of the other
admin.config["SESSION_COOKIE_NAME"] = "admin_session"


@app.get("/")
def front_page() -> str:
    session["cart"] = ["tea"]
    return f"Shop, {url_for('front_page')}"


@admin.get("/")
def overview() -> str:
    session["user"] = "ada"
    return f"Administration, {url_for('overview')}"


@admin.get("/users/<int:number>")
def user(number: int) -> dict[str, str]:
    return {
        "script_root": request.script_root,
        "path": request.path,
        "url_for": url_for("user", number=number),
    }


app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
    app.wsgi_app, {"/admin": admin}
)
