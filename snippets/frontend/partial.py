"""Send a whole page to a browser, and only the part that changes to a script."""

from flask import Flask, Response, make_response, render_template, request

TEAS = ["Assam", "Darjeeling", "Keemun", "Longjing", "Sencha"]

app = Flask(__name__)


@app.get("/teas")
def teas() -> Response:
    wanted = request.args.get("q", "")
    found = [tea for tea in TEAS if wanted.lower() in tea.lower()]
    is_part = request.headers.get("HX-Request") == "true"
    name = "teas/_list.html" if is_part else "teas/page.html"
    response = make_response(render_template(name, teas=found, wanted=wanted))
    # one URL has two bodies: a cache must not mix them
    response.vary.add("HX-Request")
    return response


@app.post("/teas/<int:number>/buy")
def buy(number: int) -> Response:
    response = make_response(render_template("teas/_bought.html", number=number))
    # the script tells the rest of the page
    response.headers["HX-Trigger"] = "cart-changed"
    return response
