"""Old lines of the page on logging in; each function returns what came of it."""


def ext_login():
    from flask.ext.login import LoginManager

    return LoginManager


def timed_serializer():
    from itsdangerous import TimedJSONWebSignatureSerializer

    serializer = TimedJSONWebSignatureSerializer("key", expires_in=1800)
    return serializer.loads(serializer.dumps({"user": 1}))
