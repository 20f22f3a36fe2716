from jinja2 import contextfunction, evalcontextfilter, Markup  #> from jinja2 import pass_context as contextfunction, pass_eval_context as evalcontextfilter; from markupsafe import Markup

from . import main
from ..models import Book


@main.app_template_filter()
@evalcontextfilter
def shout(context, text):
    return Markup(text.upper()) if context.autoescape else text.upper()


@main.app_template_global()
@contextfunction
def total(context):
    return Book.query.count()
