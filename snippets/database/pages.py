"""A list in pages, with links to the others."""

from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

TEMPLATE = """\
{{ page.first }}-{{ page.last }} of {{ page.total }}:
{%- for entry in page %} {{ entry.id }}{% endfor %}
{% for number in page.iter_pages(left_edge=1, right_edge=1, left_current=1, right_current=1) -%}
{% if number == page.page %}[{{ number }}]
{%- elif number %}{{ url_for("entries", page=number) }}
{%- else %}...{% endif %}
{% endfor %}"""


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Entry(Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all(Entry() for _ in range(21))
        db.session.commit()

    @app.get("/entries")
    def entries() -> tuple[str, dict[str, str]]:
        page = db.paginate(select(Entry).order_by(Entry.id), per_page=4)
        return render_template_string(TEMPLATE, page=page), {"Content-Type": "text/plain"}

    return app
