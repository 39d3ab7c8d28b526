from odoo import api, fields, models


class MilepostFact(models.AbstractModel):
    """What a partner said, once. Written by the exchange, never changed by people."""

    _name = "milepost.fact"
    _description = "Fact"

    key = fields.Char(required=True, readonly=True, help="SHA-256 of what the fact says.")
    connection_id = fields.Many2one("milepost.connection", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    shipment_id = fields.Many2one(
        "milepost.shipment",
        readonly=True,
        ondelete="cascade",
        help="Empty while no shipment, or more than one, bears the fact's identifiers.",
    )
    identifiers = fields.Json(readonly=True)
    applies_to = fields.Selection([("one", "One Shipment"), ("every", "Every Shipment Named")], readonly=True)
    source_event = fields.Char(readonly=True)
    said_at = fields.Datetime(
        readonly=True, help="When the sender said it. Of two facts for one thing the later counts."
    )
    received_at = fields.Datetime(readonly=True, help="When the bridge received the message.")
    message_uid = fields.Char(string="Message", readonly=True, help="In the bridge's inbox.")
    message_path = fields.Char(readonly=True, help="Where in the message it was read.")
    mapping = fields.Char(readonly=True, help="Source and version of the mapping that read it.")
    superseded = fields.Boolean(readonly=True, help="A later word on the same thing counts.")
    retracted = fields.Boolean(readonly=True, help="The sender withdrew it.")
    named_by = fields.Char(compute="_compute_named_by", help="The identifiers that it carries.")
    standing = fields.Selection(
        [
            ("counts", "Counts"),
            ("unmapped", "Unmapped"),
            ("unmatched", "Unmatched"),
            ("superseded", "Superseded"),
            ("retracted", "Withdrawn"),
        ],
        compute="_compute_standing",
        help="Whether the fact has a say in what is known of the shipment.",
    )

    @api.depends("identifiers")
    def _compute_named_by(self):
        labels = dict(self.env["milepost.identifier"]._fields["type"]._description_selection(self.env))
        for fact in self:
            named = fact.identifiers or ()
            readable = [i for i in named if i["type"] != "entity"] or named
            fact.named_by = " · ".join(f"{labels.get(i['type'], i['type'])} {i['value']}" for i in readable)

    def action_assign(self):
        """Let a person say which shipment the fact belongs to."""
        self.ensure_one()
        return self.env["milepost.assign"]._open(self)

    @api.depends("shipment_id", "superseded", "retracted")
    def _compute_standing(self):
        for fact in self:
            if fact.retracted:
                fact.standing = "retracted"
            elif fact.superseded:
                fact.standing = "superseded"
            else:
                fact.standing = "counts" if fact.shipment_id else "unmatched"
