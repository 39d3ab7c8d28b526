"""What every page that is reached by a link has in common: who may in, how often, and what stays private."""

from functools import wraps

from odoo.http import request
from werkzeug.exceptions import NotFound, TooManyRequests

from .throttle import Throttle

# Per address and minute. Wrong tokens are counted apart: nobody types one often by mistake.
WRONG = Throttle(20)
PAGES = Throttle(120)
WORDS = Throttle(20)

PRIVATE = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


def private(page):
    """A page for whoever holds its link: in no index, no cache and no referrer, and not to be flooded."""

    @wraps(page)
    def guarded(*args, **kwargs):
        address = request.httprequest.remote_addr
        share = WORDS if request.httprequest.method == "POST" else PAGES
        if WRONG.is_spent(address) or share.is_spent(address):
            raise TooManyRequests()
        share.count(address)
        response = page(*args, **kwargs)
        # What is said to JSON-RPC gets its headers later.
        getattr(response, "headers", request.future_response.headers).update(PRIVATE)
        return response

    return guarded


def link_of(token, purpose):
    """The link that a token opens, as superuser.

    :raises NotFound: for a wrong, expired or revoked token alike, so that guessing learns nothing
    """
    link = request.env["milepost.link"]._of_token(token, purpose)
    if not link:
        WRONG.count(request.httprequest.remote_addr)
        raise NotFound()
    link._opened()
    return link


def quantities_in(form):
    """{goods key: {outcome: text}} of the fields `outcome:goods key` of a form."""
    said = {}
    for name, text in form.items():
        outcome, colon, goods = name.partition(":")
        if colon:
            said.setdefault(goods, {})[outcome] = text
    return said
