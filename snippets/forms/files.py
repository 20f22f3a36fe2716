"""Two kinds of upload, with limits on type and size."""

from flask import Flask, render_template_string, request
from flask_wtf.file import FileAllowed, FileField, FileRequired, FileSize, MultipleFileField
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form, StringField

app = Flask(__name__)
# Before any form: a larger body is not even read.
app.config["MAX_CONTENT_LENGTH"] = 1_000_000

PAGE = """\
<form method="post" enctype="multipart/form-data">
{{ form.title.label }} {{ form.title }}
{{ form.photo.label }} {{ form.photo(accept=".png,.jpg") }}
{{ form.more.label }} {{ form.more }}
<button>Send</button>
</form>
"""
IMAGES = [FileAllowed(["png", "jpg"], "Only PNG or JPEG."), FileSize(200_000)]


class PhotoForm(Form):
    title = StringField("Title")
    photo = FileField("Photo", [FileRequired(), *IMAGES])
    more = MultipleFileField("More photos", IMAGES)


@app.get("/photos")
def ask() -> str:
    return render_template_string(PAGE, form=PhotoForm())


@app.post("/photos")
def add() -> tuple[dict[str, object], int]:
    form = PhotoForm(CombinedMultiDict((request.files, request.form)))
    if not form.validate():
        return form.errors, 422
    sizes = {file.filename: len(file.read()) for file in [form.photo.data, *(form.more.data or [])]}
    return {"title": form.title.data, "sizes": sizes}, 201
