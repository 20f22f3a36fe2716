"""Gunicorn's configuration for gevent with ``--preload``: it patches before the application is imported.

Gunicorn itself does so in the worker, after the import and after the threads that MongoDB's client has started.
"""

from gevent import monkey

monkey.patch_all()
