"""Old lines of the page on security; each function returns what came of it."""


def safe_str_cmp():
    from werkzeug.security import safe_str_cmp

    return safe_str_cmp("a", "a")


def password_hash():
    from werkzeug.security import generate_password_hash

    return generate_password_hash("asdasda", method="sha256")[:7]
