from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.fields import Domain
from odoo.http import content_disposition, request
from werkzeug.exceptions import NotFound

from ..models.milepost_shipment_portal import UNDER_WAY
from ..uploads import MEGABYTE
from .door import link_of, private

LONGEST_REPORT = 2000


class ShipmentPortal(CustomerPortal):
    """A customer's shipments. What he may see is decided by the record rules, or by the link he holds."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "shipment_count" in counters:
            shipments = request.env["milepost.shipment"]
            values["shipment_count"] = shipments.search_count([]) if shipments.has_access("read") else 0
        return values

    def _shipment_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "expected": {"label": request.env._("Expected"), "order": "planned_delivery_at, id desc"},
            "name": {"label": request.env._("Number"), "order": "name, id"},
        }

    def _shipment_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {"label": request.env._("Under Way"), "domain": [("state", "in", UNDER_WAY)]},
            "delivered": {
                "label": request.env._("Delivered"),
                "domain": [("state", "in", ("delivered", "partially_delivered"))],
            },
        }

    def _shipment_searches(self):
        return {
            "all": {"input": "all", "label": request.env._("Search in All")},
            "name": {"input": "name", "label": request.env._("Search by Shipment")},
            "order": {"input": "order", "label": request.env._("Search by Order")},
        }

    def _shipment_search(self, search, search_in):
        by_name = Domain("name", "ilike", search)
        # Of a truck for several customers others' orders are found by nobody.
        company = request.env.user.commercial_partner_id
        order = Domain("name", "ilike", search) | Domain("client_order_ref", "ilike", search)
        by_order = Domain("sale_order_ids", "any", order & Domain("partner_id", "child_of", company.id))
        return {"name": by_name, "order": by_order}.get(search_in, by_name | by_order)

    @http.route(
        ["/my/shipments", "/my/shipments/page/<int:page>"], type="http", auth="user", website=True,
        methods=["GET"], readonly=True,
    )  # fmt: skip
    def my_shipments(self, page=1, sortby=None, filterby=None, search=None, search_in="all", **_kw):
        shipments = request.env["milepost.shipment"]
        sortings, filters, searches = (
            self._shipment_sortings(), self._shipment_filters(), self._shipment_searches(),
        )  # fmt: skip
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in searches else "all"
        domain = Domain(filters[filterby]["domain"])
        if search:
            # Orders are searched as superuser, among the shipments alone that the rules leave to the user.
            domain &= self._shipment_search(search[:64], search_in)
        domain &= Domain("id", "in", shipments._search(Domain.TRUE))
        found = shipments.sudo()
        pages = pager(
            url="/my/shipments", total=found.search_count(domain), page=page, step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search, "search_in": search_in},
        )  # fmt: skip
        values = self._prepare_portal_layout_values()
        values.update({
            "customer": request.env.user.partner_id,
            "shipments": found.search(
                domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pages["offset"]
            ),
            "page_name": "shipments", "pager": pages, "default_url": "/my/shipments",
            "searchbar_sortings": sortings, "sortby": sortby,
            "searchbar_filters": filters, "filterby": filterby,
            "searchbar_inputs": searches, "search": search, "search_in": search_in,
        })  # fmt: skip
        return request.render("milepost_portal.my_shipments", values)

    def _shipment(self, shipment_id, access_token):
        """(shipment, customer) as superuser, for who may read it or holds a link to it."""
        shipment = request.env["milepost.shipment"].browse(shipment_id)
        if access_token:
            link = link_of(access_token, "follow")
            if link.shipment_id != shipment:
                raise NotFound()
            # Whose goods went on another truck is no customer of this one any more.
            if link.partner_id and not link.shipment_id._is_customer(link.partner_id):
                raise NotFound()
            return link.shipment_id, link.partner_id or link.shipment_id.partner_id
        # `exists` asks no rule: what is not there and what is not his look alike.
        if not shipment.sudo().exists() or not shipment.has_access("read"):
            raise NotFound()
        return shipment.sudo(), request.env.user.partner_id.sudo()

    @http.route("/my/shipments/<int:shipment_id>", type="http", auth="public", website=True, methods=["GET"])
    @private
    def my_shipment(self, shipment_id, access_token=None, reported=None, **_kw):
        if not access_token and request.env.user._is_public():
            return request.redirect(f"/web/login?redirect=/my/shipments/{shipment_id}")
        shipment, customer = self._shipment(shipment_id, access_token)
        values = {
            "page_name": "shipments", "shipment": shipment, "customer": customer, "access_token": access_token,
            "no_breadcrumbs": bool(access_token), "reported": bool(reported),
            "may_sign": not access_token and shipment._may_sign(request.env.user),
            "query": f"?access_token={access_token}" if access_token else "",
        }  # fmt: skip
        return request.render("milepost_portal.my_shipment", values)

    @http.route(
        "/my/shipments/<int:shipment_id>/proof/<int:attachment_id>", type="http", auth="public",
        website=True, methods=["GET"],
    )  # fmt: skip
    @private
    def my_proof(self, shipment_id, attachment_id, access_token=None, **_kw):
        shipment, customer = self._shipment(shipment_id, access_token)
        paper = shipment._portal_proofs(customer).filtered(lambda one: one.id == attachment_id)
        if not paper:
            raise NotFound()
        return request.make_response(paper.raw, [
            ("Content-Type", paper.mimetype), ("Content-Disposition", content_disposition(paper.name)),
            ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'"),
        ])  # fmt: skip

    @http.route(
        "/my/shipments/<int:shipment_id>/report", type="http", auth="public", website=True, methods=["POST"],
        max_content_length=MEGABYTE,
    )  # fmt: skip
    @private
    def report_problem(self, shipment_id, message="", access_token=None, **_kw):
        shipment, customer = self._shipment(shipment_id, access_token)
        if text := message.strip()[:LONGEST_REPORT]:
            shipment._portal_report(text, customer)
        token = f"&access_token={access_token}" if access_token else ""
        return request.redirect(f"{shipment.access_url}?reported=1{token}")
