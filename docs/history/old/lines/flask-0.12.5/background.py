"""Old lines of the page on background work; each function returns what came of it."""


def celery_decorators():
    from celery.decorators import task

    return task
