from odoo import api, fields, models
from odoo.tools import ormcache


class MilepostIssueRule(models.Model):
    """By when an issue must be dealt with, whose it is at first, and who is told when it is not."""

    _name = "milepost.issue.rule"
    _description = "Issue Rule"
    _order = "kind, reason, id"
    _rec_name = "kind"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", help="Empty: of all companies.")
    kind = fields.Selection(
        lambda self: self.env["milepost.issue"]._fields["kind"]._description_selection(self.env),
        required=True,
    )
    reason = fields.Char(help="The code of one exception; empty: of all others of the kind.")
    due_hours = fields.Float(default=4, required=True)
    user_id = fields.Many2one(
        "res.users",
        string="First Owner",
        domain=[("share", "=", False)],
        help="Empty: nobody's, until taken.",
    )
    escalate_hours = fields.Float(
        string="Escalate After", help="Hours after it was due until it is told to whom it escalates."
    )
    escalate_to_id = fields.Many2one("res.users", string="Escalate To", domain=[("share", "=", False)])

    _hours_positive = models.Constraint(
        "CHECK (due_hours >= 0 AND escalate_hours >= 0)", "Hours are not below zero."
    )
    _one = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind, COALESCE(reason, ''))", "There is a rule for this already."
    )

    @api.model
    def _rule_of(self, kind, reason, company):
        """The rule that fits best: of the company before all, of the reason before its kind."""
        return self.browse(self._rule_id(kind, reason or False, company.id))

    @ormcache("kind", "reason", "company_id")
    def _rule_id(self, kind, reason, company_id):
        rules = self.sudo().search([
            ("kind", "=", kind), ("reason", "in", [reason, False]), ("company_id", "in", [company_id, False]),
        ])  # fmt: skip
        return rules.sorted(lambda rule: (not rule.company_id, not rule.reason))[:1].id

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        # After it: whoever asks meanwhile, the write's own checks too, would fill the cache again.
        done = super().write(vals)
        self.env.registry.clear_cache()
        return done

    @api.ondelete(at_uninstall=True)
    def _forget(self):
        self.env.registry.clear_cache()
