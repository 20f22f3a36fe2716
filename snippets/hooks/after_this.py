"""If the URL names a language, a hook stores it in a cookie of the response to this request."""

from flask import Flask, Response, after_this_request, g, request

app = Flask(__name__)
LANGUAGES = {"en", "zh"}


@app.before_request
def choose_language() -> None:
    g.language = request.cookies.get("lang", "en")
    if request.args.get("lang") in LANGUAGES:
        g.language = request.args["lang"]

        @after_this_request
        def remember(response: Response) -> Response:
            response.set_cookie("lang", g.language, httponly=True, samesite="Lax")
            return response


@app.get("/")
def front_page() -> dict[str, str]:
    return {"language": g.language}
