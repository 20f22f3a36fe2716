"""The converter of this site supports slashes, anchors, groups and alternatives."""

from flask import Flask

from snippets.converters import RegexConverter

app = Flask(__name__)
app.url_map.converters["re"] = RegexConverter


@app.get(r'/send/<re(r"\d{11}"):value>')
@app.get(r'/archive/<re(r"\d{4}/\d{2}"):value>')
@app.get(r'/pages/<re(r"^[a-z]+$"):value>.html')
@app.get(r'/files/<re(r"(v\d+)-(src|doc)"):value>')
@app.get(r'/colors/<re(r"red|green|blue"):value>')
def show(value: str) -> dict[str, str]:
    return {"value": value}
