"""WSGI applications that wrap an application, and those that hold several."""
