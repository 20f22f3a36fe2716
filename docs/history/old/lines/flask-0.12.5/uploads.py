"""Old lines of the page on uploads; each function returns what came of it."""


def secure_filename():
    from werkzeug import secure_filename

    return secure_filename("../report.txt")


def chinese():
    from werkzeug.utils import secure_filename

    return secure_filename("报告.txt")


def variable():
    from werkzeug.utils import secure_filename

    obj = None
    return secure_filename(f.filename)
