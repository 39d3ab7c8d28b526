from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from werkzeug.exceptions import NotFound

from ..uploads import MEGABYTE
from .door import link_of, private, quantities_in


class ShipmentSign(http.Controller):
    """Signing for a delivery, by the link that was sent to the consignee."""

    @http.route("/shipment/sign/<string:token>", type="http", auth="public", website=True, methods=["GET"])
    @private
    def sign_page(self, token, **_kw):
        return self._page(link_of(token, "sign"), token)

    def _page(self, link, token, error=""):
        return request.render("milepost_portal.sign_page", {
            "link": link, "shipment": link.shipment_id, "customer": link.partner_id, "token": token,
            "error": error,
            "no_breadcrumbs": True, "page_name": "sign",
        })  # fmt: skip

    @http.route(
        "/shipment/sign/<string:token>/goods", type="http", auth="public", website=True, methods=["POST"],
        max_content_length=32 * MEGABYTE,
    )  # fmt: skip
    @private
    def sign_goods(self, token, remark="", **said):
        """What arrived, and photos of it, before the signature."""
        link = link_of(token, "sign")
        try:
            with request.env.cr.savepoint():
                link._say(quantities_in(said), remark)
                for photo in request.httprequest.files.getlist("photo"):
                    if photo.filename:
                        link._add_photo(photo.read())
        except UserError as error:
            return self._page(link, token, str(error))
        return request.redirect(f"/shipment/sign/{token}#sign")

    @http.route(
        "/shipment/sign/<string:token>/finish", type="jsonrpc", auth="public", website=True,
        max_content_length=2 * MEGABYTE,
    )  # fmt: skip
    @private
    def sign_finish(self, token, name=None, signature=None, **_kw):
        link = link_of(token, "sign")
        browser = request.httprequest
        try:
            with request.env.cr.savepoint():
                link._sign(name, signature, browser.remote_addr, browser.user_agent.string)
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"/shipment/sign/{token}"}

    @http.route(
        "/my/shipments/<int:shipment_id>/sign", type="http", auth="user", website=True, methods=["POST"]
    )
    @private
    def sign_logged_in(self, shipment_id, **_kw):
        """A customer who is logged in needs no mail: his login says who he is."""
        shipment, user = (
            request.env["milepost.shipment"].sudo().browse(shipment_id).exists(),
            request.env.user,
        )
        if not shipment or not shipment._may_sign(user):
            raise NotFound()
        stop = shipment._signable_stops(user.partner_id)[:1]
        link = request.env["milepost.link"]._to_sign(stop, user.partner_id, user.email)
        return request.redirect(f"/shipment/sign/{link._token()}")
