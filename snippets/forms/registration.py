"""Register a user: the password twice, and a name that the database does not have yet."""

from flask import Flask, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import generate_password_hash
from wtforms import Field, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]


db = SQLAlchemy(model_class=Base)


class RegistrationForm(FlaskForm):
    name = StringField("Name", [InputRequired(), Length(2, 30)])
    password = PasswordField("Password", [InputRequired(), Length(min=8)])
    again = PasswordField("Repeat it", [EqualTo("password", "The passwords differ.")])

    def validate_name(self, field: Field) -> None:
        if db.session.scalar(select(User).where(User.name == field.data)):
            raise ValidationError("This name is taken.")


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="dev", SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)

    @app.route("/register", methods=["GET", "POST"])
    def register() -> ResponseReturnValue:
        form = RegistrationForm()
        if form.validate_on_submit():
            user = User(name=form.name.data, password=generate_password_hash(form.password.data))
            db.session.add(user)
            try:
                db.session.commit()
                return redirect("/login")
            except IntegrityError:  # Another request took the name first.
                db.session.rollback()
                form.name.errors.append("This name is taken.")
        return render_template("form.html", form=form), 422 if form.is_submitted() else 200

    return app
