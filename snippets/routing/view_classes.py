"""One class, two pages: as_view receives what differs."""

from flask import Flask, request
from flask.views import View

app = Flask(__name__)


class Listing(View):
    methods = ("GET", "POST")

    def __init__(self, title: str) -> None:
        self.title = title

    def dispatch_request(self) -> str:
        return f"{self.title}, requested with {request.method}"


app.add_url_rule("/books", view_func=Listing.as_view("books", "Books"))
app.add_url_rule("/films", view_func=Listing.as_view("films", "Films"))
