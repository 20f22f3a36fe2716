"""Every request that changes something needs a token, with a form class or without."""

from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

app = Flask(__name__)
app.secret_key = "dev"
csrf = CSRFProtect(app)

PAGE = """\
{{ csrf_meta_tag() }}
<form method="post" action="/notes">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Save</button>
</form>
<script>
const token = document.querySelector("meta[name=csrf-token]").content;
const save = () => fetch("/notes", {method: "POST", headers: {"X-CSRFToken": token}});
</script>
"""


@app.get("/")
def index() -> str:
    return render_template_string(PAGE)


@app.post("/notes")
def save() -> str:
    return "Saved."


# Another server calls it, and proves who it is by a signature of its own.
@app.post("/hook")
@csrf.exempt
def hook() -> str:
    return "Thanks."


@app.errorhandler(CSRFError)
def refuse(error: CSRFError) -> tuple[dict[str, str], int]:
    return {"error": error.description}, 400
