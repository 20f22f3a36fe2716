# -*- coding: utf-8 -*-
from flask import (
    Flask, Markup, _request_ctx_stack, escape, flash, get_flashed_messages,
    jsonify, request, safe_join, send_file,
)
from flask_wtf import FlaskForm
from flask.json import JSONEncoder
from io import BytesIO
from jinja2 import contextfilter
from werkzeug.urls import url_quote
from werkzeug.utils import secure_filename
from wtforms import StringField

app = Flask(__name__)
app.secret_key = 'change me'
app.config['JSON_AS_ASCII'] = False


class DiaryEncoder(JSONEncoder):
    def default(self, value):
        if isinstance(value, set):
            return sorted(value)
        return JSONEncoder.default(self, value)


app.json_encoder = DiaryEncoder


class NoteForm(FlaskForm):
    text = StringField()


@app.before_first_request
def open_diary():
    app.notes = [u'你好']


@app.template_filter()
@contextfilter
def shout(context, text):
    return text.upper()


@app.route('/')
def index():
    user = getattr(_request_ctx_stack.top, 'user', 'guest')
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
                     attachment_filename=url_quote(name), as_attachment=True)
