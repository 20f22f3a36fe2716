"""Old lines of the page on templates; each function returns what came of it."""

def markup():
    from flask import Markup

    return Markup("<b>%s</b>") % "<tea>"
