"""Send a file that a parameter names: any file, and only files of one folder."""

from pathlib import Path

from flask import Flask, Response, request, send_from_directory

app = Flask(__name__)
FOLDER = Path(__file__).parent / "downloads"


@app.get("/careless")
def careless() -> str:
    return (FOLDER / request.args["name"]).read_text(encoding="utf-8")


@app.get("/careful")
def careful() -> Response:
    return send_from_directory(FOLDER, request.args["name"])
