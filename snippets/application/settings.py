"""Set the defaults, which environment variables with the prefix `NOTES_` override."""

from datetime import timedelta
from typing import Any

from . import messages

DEFAULTS: dict[str, Any] = {
    "SQLALCHEMY_DATABASE_URI": "sqlite:///notes.db",
    # a lost connection is replaced, and the log contains no values
    "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
    "REDIS_URL": None,
    "SESSION_INTERFACE": None,
    "SEND_MESSAGE": messages.to_log,
    "PER_PAGE": 6,
    "PROXIES": 0,
    # the link to a new password contains the host of the request
    "TRUSTED_HOSTS": ["localhost", "127.0.0.1"],
    "SESSION_COOKIE_SAMESITE": "Lax",
    "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
    "MAX_CONTENT_LENGTH": 100_000,
    "MAX_FORM_MEMORY_SIZE": 100_000,
    "MAX_FORM_PARTS": 20,
    # gate.py checks instead, with another rule for visitors without a login
    "WTF_CSRF_CHECK_DEFAULT": False,
    # a form is valid as long as its session, so that a long text is not lost
    "WTF_CSRF_TIME_LIMIT": None,
    # WTForms translates its own messages
    "WTF_I18N_ENABLED": False,
}
