"""One blueprint keeps the prefix it was made with, the other gets a new one."""

from flask import Blueprint, Flask

about = Blueprint("about", __name__, url_prefix="/about")
wiki = Blueprint("wiki", __name__, url_prefix="/wiki")


# the prefix alone, without a slash
@about.get("")
def company() -> str:
    return "The company"


@wiki.get("/")
def index(team: str) -> str:
    return f"Pages of team {team}"


@wiki.get("/<page>")
def show(team: str, page: str) -> str:
    return f"Page {page} of team {team}"


app = Flask(__name__)
app.register_blueprint(about)
app.register_blueprint(wiki, url_prefix="/teams/<team>")
