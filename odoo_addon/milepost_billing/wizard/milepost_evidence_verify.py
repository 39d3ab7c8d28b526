from odoo import fields, models
from odoo.exceptions import UserError


class MilepostEvidenceVerify(models.TransientModel):
    """Whether an evidence pack is as it was made, and what Odoo knows of it today."""

    _name = "milepost.evidence.verify"
    _description = "Check an Evidence Pack"

    content = fields.Binary(string="Evidence Pack", attachment=False, help="The ZIP as it was downloaded.")
    name = fields.Char()
    state = fields.Selection(
        [("new", "Not Checked"), ("whole", "Unchanged"), ("broken", "Changed")], default="new", readonly=True
    )
    faults = fields.Text(readonly=True, help="What in the pack is not as it was made.")
    differences = fields.Text(readonly=True, help="What Odoo says otherwise today.")

    def action_verify(self):
        """Check the pack against its own manifest, then against Odoo."""
        self.ensure_one()
        if not self.content:
            raise UserError(self.env._("Choose the pack."))
        evidence = self.env["milepost.evidence"]
        faults = evidence.verify(self.content)
        self.state = "broken" if faults else "whole"
        self.faults = "\n".join(f"{one['path']}: {one['fault']}" for one in faults)
        differences = [] if faults else evidence.compare(self.content)
        self.differences = "\n".join(f"{one['path']}: {one['difference']}" for one in differences)
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
            "name": self.env._("Check an Evidence Pack"), "views": [(False, "form")], "target": "new",
        }  # fmt: skip
