from datetime import time

from odoo import api, fields, models
from odoo.addons.milepost.arguments import instant_of
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ..billing import cutoff
from ..reconciliation.instants import aware, naive

NEEDS = [
    ("proof", "A Proof"),
    ("review", "A Look at a Proof"),
    ("quantities", "A Decision on Quantities"),
    ("bill", "A Carrier's Bill"),
    ("release", "A Release"),
    ("several", "Several Things"),
    ("undecided", "A Decision That Fails"),
]


class MilepostNextRun(models.TransientModel):
    """What the runs up to an instant would invoice, and what misses them for want of something.

    The documents are no estimate: they are made, read, and the whole is rolled back.
    """

    _name = "milepost.next.run"
    _description = "Next Billing Run"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    until = fields.Datetime(required=True, help="Cut-offs up to here are looked at.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    problem = fields.Text(string="What Could Not Be Invoiced", readonly=True)
    is_cut = fields.Boolean(readonly=True, help="There is more: only the first shipments were tried.")
    document_ids = fields.One2many("milepost.next.run.document", "run_id", readonly=True)
    missing_ids = fields.One2many("milepost.next.run.missing", "run_id", readonly=True)
    outlook = fields.Char(compute="_compute_outlook")

    def _compute_display_name(self):
        self.display_name = self.env._("Next Billing Run")

    @api.depends("missing_ids.shipment_count", "missing_ids.need")
    @api.depends_context("lang")
    def _compute_outlook(self):
        for one in self:
            proof = one.missing_ids.filtered(lambda line: line.need == "proof")
            one.outlook = one.missing_ids and self.env._(
                "Shipments that miss it: %(count)s. Of these need only a proof: %(proof)s.",
                count=sum(one.missing_ids.mapped("shipment_count")),
                proof=sum(proof.mapped("shipment_count")),
            )

    @api.model
    def look_ahead(self, until=None):
        """Show what is invoiced up to an instant, and what is not; the menu.

        :param until: an instant as text in UTC; by default the end of the user's day
        :return: the action that shows it
        """
        if not self.env.user.has_group("milepost_billing.group_billing_analyst"):
            raise AccessError(self.env._("Your role may not read what is to be invoiced."))
        company = self.env.company
        until = instant_of(self.env, until) or self._end_of_day()
        made = self.env["milepost.billing.run"].sudo()._preview(company, until)
        one = self.create({
            "company_id": company.id, "until": until,
            "problem": "\n".join(made["problems"]), "is_cut": made["is_cut"],
            "document_ids": [Command.create(values) for values in made["documents"]],
            "missing_ids": [Command.create(values) for values in self._missing(company, until)],
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window", "name": self.env._("Next Billing Run"), "target": "current",
            "res_model": self._name, "res_id": one.id, "views": [(False, "form")],
        }  # fmt: skip

    def action_look(self):
        """Look again, up to the instant that was chosen."""
        self.ensure_one()
        return self.with_company(self.company_id).look_ahead(fields.Datetime.to_string(self.until))

    def action_run(self):
        """Invoice what is due at this moment."""
        self.ensure_one()
        return self.env["milepost.billing.run"].with_company(self.company_id).run_now()

    @api.model
    def _end_of_day(self):
        here = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return naive(here.combine(here.date(), time(23, 59, 59), here.tzinfo))

    @api.model
    def _missing(self, company, until):
        """Values of what would be invoiced by then if it was ready now, by what it lacks."""
        held = self.env["milepost.shipment"].search(
            Domain("company_id", "=", company.id)
            & (Domain("billing_state", "=", "held") | Domain("billing_problem", "!=", False))
        )
        now = aware(fields.Datetime.now())
        missing = held.filtered(lambda one: self._is_billed_by(one, now, until))
        waiting = missing.hold_ids._waiting_proofs().shipment_id
        found = missing.grouped(lambda one: (self._need(one, waiting), one.currency_id))
        order = [key for key, _label in NEEDS]
        return [
            {
                "need": need, "currency_id": currency.id, "shipment_ids": [Command.set(own.ids)],
                "shipment_count": len(own), "amount": sum(own.mapped("held_amount")),
            }
            for (need, currency), own in sorted(found.items(), key=lambda one: order.index(one[0][0]))
        ]  # fmt: skip

    @api.model
    def _is_billed_by(self, shipment, now, until):
        """Whether a shipment that is ready at an instant would be billed until another one."""
        policy = shipment._billing_policy()
        if policy.mode == "shadow" or shipment._is_handed_back():
            return False
        return naive(cutoff.cycle_of(policy._cutoff(shipment.partner_id), now)) <= until

    @api.model
    def _need(self, shipment, waiting):
        """What clears all that holds a shipment: one thing, or several."""
        if shipment.billing_problem:
            return "undecided"
        needs = {hold._fix(waiting) or "release" for hold in shipment.hold_ids._blocking()}
        return needs.pop() if len(needs) == 1 else "several"


class MilepostNextRunDocument(models.TransientModel):
    _name = "milepost.next.run.document"
    _description = "Document of the Next Billing Run"
    _order = "partner_id, id"

    run_id = fields.Many2one("milepost.next.run", required=True, ondelete="cascade", index=True)
    move_type = fields.Selection(
        selection=lambda self: self.env["account.move"]._fields["move_type"]._description_selection(self.env),
        string="Document",
    )  # fmt: skip
    partner_id = fields.Many2one("res.partner", string="Customer")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(string="Total")
    shipment_ids = fields.Many2many("milepost.shipment", string="Shipments")


class MilepostNextRunMissing(models.TransientModel):
    _name = "milepost.next.run.missing"
    _description = "What Misses the Next Billing Run"
    _order = "id"

    run_id = fields.Many2one("milepost.next.run", required=True, ondelete="cascade", index=True)
    need = fields.Selection(NEEDS, string="Needs")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(string="Held Amount")
    shipment_ids = fields.Many2many("milepost.shipment", string="Shipments")
    shipment_count = fields.Integer(string="Number of Shipments")

    def action_view_shipments(self):
        """The shipments that lack it."""
        self.ensure_one()
        label = dict(self._fields["need"]._description_selection(self.env))[self.need]
        return self.shipment_ids._action_view("milepost.shipment", self.shipment_ids, label)
