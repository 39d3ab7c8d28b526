from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.fields import Domain

from ..codes import CHANGEABLE_STATES
from ..zones import zone_of

# So many shipments follow their address in the transaction that corrects it; more do in the background.
FOLLOW_AT_ONCE = 10
# What orders say of an address.
TOLD = frozenset({
    "name", "street", "zip", "city", "state_id", "country_id", "milepost_zone", "phone", "email", "ref",
})  # fmt: skip


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "milepost.managed"]

    milepost_scac = fields.Char(
        string="SCAC", index="btree_not_null", help="Standard Carrier Alpha Code, of a carrier."
    )
    milepost_zone = fields.Selection(
        _tz_get, string="Site's Time Zone",
        help="Where trucks stop. Empty: the zone of the address, where country or state lie in one. "
        "The contact's own time zone is that of whoever entered it, and does not count.",
    )  # fmt: skip

    milepost_managed_from = fields.Datetime(
        string="Managed From", company_dependent=True, copy=False, groups="milepost.group_viewer",
        help="What this customer gets earlier is Odoo's alone. Of connection, warehouse, operation type and "
        "customer the latest instant counts; empty: as the others say. A branch heeds its company's, too.",
    )  # fmt: skip

    def write(self, vals):
        result = super().write(vals)
        if TOLD & set(vals):
            self._watch_milepost_orders()
        return result

    def _watch_milepost_orders(self):
        """An address that orders named and that is corrected before the pickup is told."""
        shipments = self.env["milepost.shipment"].sudo()
        named = Domain("state", "in", CHANGEABLE_STATES) & Domain("order_state", "!=", False)
        named &= Domain("stop_ids", "any", [("is_base", "=", True), ("partner_id", "in", self.ids)])
        found = shipments.search(named, limit=FOLLOW_AT_ONCE + 1)
        if len(found) > FOLLOW_AT_ONCE:
            found._follow_later(named)
        elif found:
            found._refresh_base_stops()
            self.env["milepost.outbox"]._watch_orders(found)

    def _milepost_zone(self):
        """The IANA zone in which a truck arrives here, or False when nobody knows."""
        return self.milepost_zone or zone_of(self.country_id.code, self.state_id.code) or False
