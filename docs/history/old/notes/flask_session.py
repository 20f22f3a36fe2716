"""What the notebook says of Flask-Session, tried line by line; each function returns what happened."""

import inspect


def import_interface():
    from flask_session import RedisSessionInterface

    return RedisSessionInterface.__module__


def interface():
    try:
        from flask_session.redis import RedisSessionInterface
    except ImportError:
        from flask_session import RedisSessionInterface
    return RedisSessionInterface


def client():
    """Return as much of a client as an interface calls."""
    import redis

    class Kept(redis.Redis):
        def __init__(self):
            self.kept = {}

        def get(self, name):
            return self.kept.get(name)

        def setex(self, name, time, value):
            self.kept[name] = value

        def set(self, name, value, ex=None):
            self.kept[name] = value

        def delete(self, name):
            self.kept.pop(name, None)

    return Kept()


def index(**headers):
    """Return the client after one request that writes."""
    from flask import Flask, session

    app, conn, cls = Flask("notes"), client(), interface()
    first = (conn,) if "redis" in inspect.signature(cls).parameters else (app, conn)
    app.session_interface = cls(*first, "__")
    app.route("/")(lambda: session.update(xxx=123) or "Index")
    app.test_client(use_cookies=False).get("/", headers=headers)
    return conn.kept


def three_s():
    interface()
    return eval("RedisSesssionInterface(None, key_prefix='__', use_signer=False)")


def positional():
    conn = client()
    made = interface()(conn, key_prefix="__", use_signer=False)
    kept = conn in (getattr(made, "redis", 0), getattr(made, "client", 0))
    return "uses the client" if kept else "does not use the client"


def redis_password():
    from redis import Redis

    return Redis("127.0.0.1", "password").ping()


def redis_empty():
    from redis import Redis

    return Redis(host="", port="").ping()


def redis_dots():
    compile("conn = Redis(host,pwd,......)", "notes", "exec")


def cookie_name():
    from flask import Flask

    app = Flask("notes")
    return app.session_cookie_name


def sid_in_value():
    ((name, value),) = index().items()
    return "sid in the value" if name[2:].encode() in value else "no sid in the value"


def fixation():
    """Send an id that nobody has given out."""
    return "taken" if "__chosen-by-the-client" in index(Cookie="session=chosen-by-the-client") else "another id"


def identifier():
    cls = interface()
    try:
        found = cls._generate_sid(None)
    except TypeError:
        found = cls._generate_sid(None, 32)
    return "%d characters%s" % (len(found), ", uuid4" if found.count("-") == 4 and len(found) == 36 else "")


def serializer():
    found = getattr(interface(), "serializer", None)
    return getattr(found, "__name__", "msgspec")


def other_interfaces():
    import importlib
    import flask_session

    found = []
    for name, module in (
        ("SqlAlchemySessionInterface", "sqlalchemy"),
        ("MongoDBSessionInterface", "mongodb"),
        ("FileSystemSessionInterface", "filesystem"),
        ("MemcachedSessionInterface", "memcached"),
    ):
        if hasattr(flask_session, name):
            found.append("flask_session")
        else:
            try:
                there = hasattr(importlib.import_module("flask_session." + module), name)
                found.append("flask_session." + module if there else "gone")
            except ImportError as error:
                found.append(type(error).__name__)
    return ", ".join(dict.fromkeys(found))


def setex_deprecated():
    import warnings

    import redis

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            redis.Redis(port=1).setex("key", 1, "value")
        except redis.ConnectionError:
            pass
    return ", ".join(sorted({warning.category.__name__ for warning in caught}))


def prefix_where():
    ((name, _value),) = index().items()
    return "before the key" if name.startswith("__") else "elsewhere"


def signer_deprecated():
    import warnings

    from flask import Flask

    app = Flask("notes")
    app.secret_key = "notes"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            interface()(client(), key_prefix="__", use_signer=True)
        except Exception:
            interface()(app, client(), key_prefix="__", use_signer=True)
    return "deprecated" if any("use_signer" in str(warning.message) for warning in caught) else "no warning"
