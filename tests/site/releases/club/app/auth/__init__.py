from flask import Blueprint, flash, redirect, request, url_for
from flask.ext.login import login_required, login_user, logout_user  #> from flask_login import login_required, login_user, logout_user

from ..models import Reader

auth = Blueprint('auth', __name__)


@auth.route('/login', methods=['GET', 'POST'])
def login():
    if request.method == 'POST':
        reader = Reader.query.filter_by(name=request.form['name']).first()
        if reader is not None and reader.verify_password(request.form['password']):
            login_user(reader, request.form.get('remember'))
            return redirect(request.args.get('next') or url_for('main.index'))
        flash('Wrong name or password.')
    return 'name, password'


@auth.route('/logout')
@login_required
def logout():
    logout_user()
    return redirect(url_for('main.index'))
