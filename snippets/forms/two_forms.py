"""Two forms on one page, told apart by a prefix and by the button."""

from flask import Flask, request
from wtforms import EmailField, Form, StringField, SubmitField
from wtforms.validators import InputRequired

app = Flask(__name__)


class SearchForm(Form):
    text = StringField("Words", [InputRequired()])
    send = SubmitField("Search")


class NewsForm(Form):
    mail = EmailField("E-mail", [InputRequired()])
    send = SubmitField("Subscribe")


@app.route("/", methods=["GET", "POST"])
def index() -> str:
    data = request.form or None
    search, news = SearchForm(data, prefix="search"), NewsForm(data, prefix="news")
    if search.send.data and search.validate():
        return f"Searching for {search.text.data}"
    if news.send.data and news.validate():
        return f"Subscribed: {news.mail.data}"
    return (
        f"<form method=post>{search.text}{search.send}</form>\n<form>{news.mail}{news.send}</form>"
    )
