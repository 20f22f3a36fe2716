"""Add the headers that tell a browser what the pages may do."""

from flask import Flask, Response, request
from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
)

# all that the pages need, which does not include inline scripts
POLICY = (
    ContentSecurityPolicy()
    .default_src("'none'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'")
    .form_action("'self'")
    .base_uri("'none'")
    .frame_ancestors("'none'")
)
HEADERS = Secure(
    csp=POLICY,
    coop=CrossOriginOpenerPolicy().same_origin(),
    referrer=ReferrerPolicy().same_origin(),
    xcto=XContentTypeOptions().nosniff(),
)
# the browser then uses HTTPS for a year, even for http:// links
HSTS = Secure(hsts=StrictTransportSecurity().max_age(365 * 24 * 3600))


def add(response: Response) -> Response:
    HEADERS.set_headers(response)
    if request.is_secure:
        HSTS.set_headers(response)
    # the back button of the browser shows no notes after the logout
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    app.after_request(add)
