# -*- coding: utf-8 -*-
from flask import (
    Flask, flash, g, get_flashed_messages, jsonify,
    request, send_file,
)
from flask_wtf import FlaskForm
from flask.json.provider import DefaultJSONProvider
from io import BytesIO
from urllib.parse import quote
from jinja2 import pass_context
from markupsafe import Markup, escape
from werkzeug.utils import safe_join, secure_filename
from wtforms import StringField

app = Flask(__name__)
app.secret_key = 'change me'


class DiaryProvider(DefaultJSONProvider):
    ensure_ascii = False

    @staticmethod
    def default(value):
        if isinstance(value, set):
            return sorted(value)
        return DefaultJSONProvider.default(value)


app.json = DiaryProvider(app)


class NoteForm(FlaskForm):
    text = StringField()


app.notes = [u'你好']


@app.template_filter()
@pass_context
def shout(context, text):
    return text.upper()


@app.route('/')
def index():
    user = g.get('user', 'guest')
    return Markup('<p>%s, %d</p>') % (escape(user), len(app.notes))


@app.route('/notes', methods=['POST'])
def add():
    app.notes.append(NoteForm(meta={'csrf': False}).text.data)
    flash('saved')
    if request.headers.get('X-Requested-With') == 'XMLHttpRequest':
        return jsonify(notes=app.notes)
    return ', '.join(get_flashed_messages())


@app.route('/tags')
def tags():
    return jsonify({'b', 'a'})


@app.route('/download/<name>')
def download(name):
    path = safe_join('/diary', secure_filename(name))
    return send_file(BytesIO(path.encode()), mimetype='text/plain',
                     download_name=quote(name), as_attachment=True)
