#!/usr/bin/env python
import os

from flask.ext.script import Manager, Shell  #> import click

from app import create_app, db
from app.models import Book, Reader

app = create_app(os.environ.get('CLUB') or 'default')
manager = Manager(app)  #>
manager.add_command('shell', Shell(make_context=lambda: dict(app=app, db=db)))  #>


@manager.command  #> @app.cli.command()
def seed():
    """Puts two readers and five books in."""
    db.create_all()
    for name in ('ada', 'bob'):
        db.session.add(Reader(name=name, password=name))
    for number in range(5):
        db.session.add(Book(title='Book %d' % number, reader_id=1))
    db.session.commit()
    print(sorted(db.engine.table_names()))  #> print(sorted(db.inspect(db.engine).get_table_names()))


def main():
    manager.run()  #> app.cli(['--help'], standalone_mode=False)


if __name__ == '__main__':
    main()
