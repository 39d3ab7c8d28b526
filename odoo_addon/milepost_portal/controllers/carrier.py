from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from werkzeug.exceptions import NotFound

from ..uploads import MEGABYTE
from .door import link_of, private, quantities_in


class ShipmentCarrier(http.Controller):
    """What a carrier without an interface reports of one shipment."""

    @http.route("/shipment/carrier/<string:token>", type="http", auth="public", website=True, methods=["GET"])
    @private
    def carrier_page(self, token, taken=None, **_kw):
        return self._page(link_of(token, "carrier"), token, taken=bool(taken))

    def _page(self, link, token, **values):
        return request.render("milepost_portal.carrier_page", {
            "link": link, "shipment": link.shipment_id, "token": token, "no_breadcrumbs": True,
            "page_name": "carrier", **values,
        })  # fmt: skip

    @http.route(
        "/shipment/carrier/<string:token>/<any(pickup, delivery):kind>/<int:stop_id>", type="http",
        auth="public", website=True, methods=["POST"], max_content_length=32 * MEGABYTE,
    )  # fmt: skip
    @private
    def carrier_report(self, token, kind, stop_id, at="", signer="", remark="", **said):
        link = link_of(token, "carrier")
        stop = link._stops(kind).filtered(lambda one: one.id == stop_id)
        if not stop:
            raise NotFound()
        if kind == "delivery" and link._is_proven(stop):
            # The page has no form for it: a proof that stands is not overtaken by the carrier's word.
            return self._page(link, token)
        try:
            with request.env.cr.savepoint():
                if kind == "pickup":
                    link._report_pickup(stop, at)
                else:
                    files = request.httprequest.files.getlist("paper")
                    papers = [file.read() for file in files if file.filename]
                    link._report_delivery(stop, at, signer, quantities_in(said), remark, papers)
        except UserError as error:
            return self._page(link, token, error=str(error))
        return request.redirect(f"/shipment/carrier/{token}?taken=1")
