import io

import flask
from flask import Blueprint, g, jsonify, request
from flask import _app_ctx_stack as stack  #> from flask import g as stack
from werkzeug.contrib.cache import SimpleCache  #> from cachelib import SimpleCache
from werkzeug.security import safe_str_cmp  #> from hmac import compare_digest as safe_str_cmp

from . import db
from .models import Book, Reader

api = Blueprint('api', __name__)
cache = SimpleCache()


@api.before_request
def authenticate():
    g.reader = Reader.of_token(request.headers.get('X-Token', ''))
    if g.reader is None and not safe_str_cmp(request.args.get('key', ''), 'open'):
        flask.abort(403)


@api.route('/books')
def books():
    found = cache.get('books')
    if found is None:
        found = [book.title for book in Book.query.all()]
        cache.set('books', found, timeout=60)
    return jsonify(books=found)


@api.route('/token')
def token():
    return jsonify({'token': Reader.query.first().token()})


@api.route('/books.txt')
def export():
    names = db.engine.execute('SELECT title FROM books').fetchall()  #> names = db.session.execute(db.text('SELECT title FROM books')).fetchall()
    text = u'\n'.join(name for name, in names)
    return flask.send_file(
        io.BytesIO(text.encode('utf-8')),
        mimetype='text/plain',
        as_attachment=True,
        attachment_filename='books.txt',  #> download_name='books.txt',
        cache_timeout=60,  #> max_age=60,
        add_etags=False,  #> etag=False,
    )


@api.route('/seen')
def seen():
    stack.top.seen = True  #> stack.seen = True
    return flask.json.dumps({'seen': True}, indent=2)
