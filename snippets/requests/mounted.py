"""The same application below a prefix."""

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from snippets.requests.url_attributes import create_app

app = create_app()
app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
    # what is outside the prefix does not exist
    NotFound(),
    {"/shop": app.wsgi_app},
)
