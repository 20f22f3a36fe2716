"""A page of a blueprint in the layout of the application."""

from flask import Blueprint, Flask, render_template

admin = Blueprint("admin", __name__, url_prefix="/admin", template_folder="admin/templates")


@admin.get("/")
def dashboard() -> str:
    return render_template("admin/dashboard.html")


app = Flask(__name__)
app.register_blueprint(admin)


@app.get("/")
def index() -> str:
    return render_template("notes/list.html", notes=[])
