"""Say of each response who may store it, and for how long."""

from flask import Flask, Response, make_response, request, session

app = Flask(__name__)
app.secret_key = "replace me"


@app.after_request
def nobody_stores_the_rest(response: Response) -> Response:
    # static files have said it already
    if "Cache-Control" not in response.headers:
        response.cache_control.no_store = True
    return response


@app.get("/news")
def news() -> Response:
    language = request.accept_languages.best_match(["en", "zh"], "en")
    response = make_response({"en": "Tea is up.", "zh": "茶叶涨价。"}[language])
    response.cache_control.public = True
    response.cache_control.max_age = 60
    response.vary.add("Accept-Language")
    response.add_etag()
    # becomes a 304 if the client has this version
    response.make_conditional(request)
    return response


@app.get("/account")
def account() -> str:
    return f"Hello, {session.get('name', 'nobody')}"
