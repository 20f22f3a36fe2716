"""A long table that is sent while it is computed."""

from collections.abc import Iterator

from flask import Flask, stream_template
from jinja2 import DictLoader

app = Flask(__name__)
app.jinja_loader = DictLoader(
    {
        "table.html": """\
<table>
{% for row in rows %}
<tr><td>{{ row }}</td><td>{{ request.path }}</td></tr>
{% endfor %}
</table>
"""
    }
)


def read_rows() -> Iterator[str]:
    yield from ("bread", "butter", "<tea>")


@app.get("/table")
def table() -> Iterator[str]:
    # the rows are read when the template asks for them
    return stream_template("table.html", rows=read_rows())
