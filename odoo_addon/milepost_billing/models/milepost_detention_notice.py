from odoo import api, fields, models
from odoo.addons.milepost.arguments import instant_of, record_of
from odoo.exceptions import AccessError, UserError


class MilepostDetentionNotice(models.Model):
    """That somebody was told a truck waits: many contracts owe detention only after such a notice.

    Who told whom, when and how is written once and never changed.
    """

    _name = "milepost.detention.notice"
    _description = "Detention Notice"
    _order = "told_at, id"
    _rec_name = "told_at"
    _check_company_auto = True

    stop_id = fields.Many2one(
        "milepost.stop", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    shipment_id = fields.Many2one(related="stop_id.shipment_id", store=True, index=True)
    company_id = fields.Many2one(related="stop_id.company_id", store=True)
    told_at = fields.Datetime(string="Notified At", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Notified",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    channel = fields.Selection(
        [("phone", "Phone"), ("email", "E-Mail"), ("edi", "EDI"), ("portal", "Portal"), ("person", "In Person")],
        required=True, readonly=True, default="email",
    )  # fmt: skip
    told_by_id = fields.Many2one(
        "res.users", string="Notified By", required=True, readonly=True, ondelete="restrict"
    )
    note = fields.Char(readonly=True)

    @api.model
    def tell(self, stop_id, partner_id, channel="email", told_at=None, note=None):
        """Write down that somebody was told of the waiting at a stop.

        :param told_at: an instant in UTC or its text; now by default
        :return: id of the notice
        """
        user = self.env.user
        if user.has_group("milepost.group_bridge") or not (
            user.has_group("milepost.group_dispatcher")
            or user.has_group("milepost_billing.group_billing_analyst")
        ):
            raise AccessError(self.env._("Your role may not enter notices."))
        stop = record_of(self.env, "milepost.stop", stop_id)
        stop.check_access("read")
        now = fields.Datetime.now()
        told_at = instant_of(self.env, told_at, now)
        if told_at > now:
            raise UserError(self.env._("A notice is written down after it was given."))
        if channel not in dict(self._fields["channel"].selection):
            raise UserError(self.env._("“%s” is not a way to notify somebody.", channel))
        return self.sudo().create({
            "stop_id": stop.id, "partner_id": record_of(self.env, "res.partner", partner_id).id,
            "channel": channel, "told_at": told_at, "told_by_id": user.id, "note": note or False,
        }).id  # fmt: skip

    def write(self, vals):
        raise AccessError(self.env._("A notice stays as it was written down."))
