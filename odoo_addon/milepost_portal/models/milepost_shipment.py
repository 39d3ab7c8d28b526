from odoo import api, fields, models

# What a customer reads of his shipments, by whatever door he comes. Nothing of it is money, and no
# field leads to other records: those could be asked about in a search.
PORTAL_FIELDS = frozenset({
    "id", "display_name", "name", "active", "create_date", "direction", "state", "current_milestone",
    "current_milestone_at", "eta", "due_at", "planned_pickup_at", "planned_delivery_at", "picked_up_at",
    "arrived_delivery_at", "delivered_at", "has_pod", "progress", "access_url",
})  # fmt: skip


class MilepostShipment(models.Model):
    """A customer reads his shipments, and of them nothing that is not for him."""

    _name = "milepost.shipment"
    _inherit = ["milepost.shipment", "portal.mixin"]

    link_ids = fields.One2many("milepost.link", "shipment_id", string="Links")
    milepost_consignee_user_ids = fields.Many2many(
        "res.users", "milepost_shipment_consignee_user", "shipment_id", "user_id", copy=False, readonly=True,
        string="Destination Chosen By",
        help="They do not say of a signature in doubt that it counts.",
    )  # fmt: skip
    reminder_ids = fields.One2many("milepost.reminder", "shipment_id", string="Reminders", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        shipments = super().create(vals_list)
        shipments.filtered("destination_id")._milepost_consignee_chosen()
        return shipments

    def write(self, vals):
        there = vals.get("destination_id")
        changed = self.filtered(lambda one: one.destination_id.id != there) if there else self.browse()
        result = super().write(vals)
        changed._milepost_consignee_chosen()
        return result

    def _milepost_consignee_chosen(self):
        """Remember who chose, not who confirmed the transfer that the address came with."""
        user = self.env.user
        if self and not self.env.su and user._is_internal():
            self.sudo().milepost_consignee_user_ids = [fields.Command.link(user.id)]

    def _compute_access_url(self):
        super()._compute_access_url()
        for shipment in self:
            shipment.access_url = f"/my/shipments/{shipment.id}"

    def _portal_ensure_token(self):
        """The token of a link that expires and can be revoked, instead of one that stands for ever.

        Anybody may ask for it over RPC, and nothing else here would ask a rule: only who may read the
        shipment gets one. Mails are written as superuser.
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["milepost.link"]._to_follow(self, self.sudo()._portal_customer())._token()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The chatter is a talk of the people here and the carrier, and of all customers of a truck: from
        outside it is neither read nor written by who may read the shipment."""
        if self.env.user._is_internal():
            return super()._mail_get_operation_for_mail_message_operation(message_operation)
        return dict.fromkeys(self, "write")

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user._is_portal():
            return True
        return operation == "read" and field.name in PORTAL_FIELDS

    def action_share_link(self):
        """A link for somebody without a login, to be copied; of a truck for several customers one for each."""
        self.ensure_one()
        self.check_access("write")
        links = self.env["milepost.link"]
        for partner in self.sudo()._portal_customers() or [None]:
            links |= links._to_follow(self, partner)
        several = {"views": [(False, "list"), (False, "form")], "domain": [("id", "in", links.ids)]}
        one = {"views": [(False, "form")], "res_id": links[:1].id, "target": "new"}
        return {
            "type": "ir.actions.act_window", "name": self.env._("Link to Follow"), "res_model": links._name,
            **(several if len(links) > 1 else one),
        }  # fmt: skip
