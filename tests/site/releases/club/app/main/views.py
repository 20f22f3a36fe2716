from flask import current_app, redirect, render_template_string, request, url_for
from flask import Markup, escape  #> from markupsafe import Markup, escape
from flask.ext.login import current_user  #> from flask_login import current_user
from werkzeug import secure_filename  #> from werkzeug.utils import secure_filename
from werkzeug.urls import url_quote  #> from urllib.parse import quote as url_quote

from . import main
from .forms import BookForm
from .. import db
from ..models import Book

LIST = '''{% for book in books.items %}{{ book.title|shout }} {% endfor %}{{ total() }}'''


@main.before_app_first_request  #> @main.before_app_request
def warm_up():
    current_app.extensions['club'] = 'warm'


@main.route('/')
def index():
    page = request.args.get('page', 1, type=int)
    found = Book.query.order_by(Book.id).paginate(page, current_app.config['BOOKS_PER_PAGE'], False)  #> found = Book.query.order_by(Book.id).paginate(page=page, per_page=current_app.config['BOOKS_PER_PAGE'], error_out=False)
    if request.is_xhr:  #> if request.headers.get('X-Requested-With') == 'XMLHttpRequest':
        return str(found.total)
    return render_template_string(LIST, books=found)


@main.route('/new', methods=['GET', 'POST'])
def new():
    form = BookForm()
    if form.validate_on_submit():
        owner = current_user.id if current_user.is_authenticated() else None  #> owner = current_user.id if current_user.is_authenticated else None
        book = Book(title=form.title.data, reader_id=owner)
        db.session.add(book)
        db.session.commit()
        return redirect(url_for('.cover', name=url_quote(secure_filename(book.title))))
    return str(form.title()) + str(form.errors)


@main.route('/cover/<name>')
def cover(name):
    return Markup('<b>%s</b>') % escape(name)
