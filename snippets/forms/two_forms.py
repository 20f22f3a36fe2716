"""Two forms on one page, told apart by a prefix and by the button."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
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
def index() -> ResponseReturnValue:
    data = request.form or None
    search, news = SearchForm(data, prefix="search"), NewsForm(data, prefix="news")
    if search.send.data and search.validate():
        return {"search": search.text.data}
    if news.send.data and news.validate():
        return {"subscribed": news.mail.data}
    return "\n".join(f'<form method="post">{one}{two}</form>' for one, two in (search, news))
