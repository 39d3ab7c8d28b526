from odoo import http
from odoo.http import request

from .door import link_of, private


class ShipmentNotices(http.Controller):
    """Which notices a customer wants, by the link in each of them."""

    @http.route(
        "/shipment/notices/<string:token>", type="http", auth="public", website=True, methods=["GET", "POST"]
    )
    @private
    def notices_page(self, token, wish=None, **_kw):
        """Reading changes nothing: programs follow the links in mails before people do."""
        customer = link_of(token, "notices").partner_id
        wishes = dict(customer._fields["milepost_notices"]._description_selection(request.env))
        saved = request.httprequest.method == "POST" and wish in wishes
        if saved:
            customer.milepost_notices = wish
        return request.render("milepost_portal.notices_page", {
            "customer": customer, "wishes": wishes, "token": token, "saved": saved, "no_breadcrumbs": True,
            "page_name": "notices",
        })  # fmt: skip

    @http.route(
        "/shipment/notices/<string:token>/stop", type="http", auth="public", methods=["POST"], csrf=False
    )
    @private
    def notices_stop(self, token, **_kw):
        """The one click of a mail program (RFC 8058), which has no session: it can end notices, and no more."""
        link_of(token, "notices").partner_id.milepost_notices = "none"
        return request.make_response("", status=200)
