"""The same application, mounted below a prefix."""

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from snippets.requests.url_attributes import create_app

app = create_app()
app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
    # outside the prefix, every path returns 404
    NotFound(),
    {"/shop": app.wsgi_app},
)
