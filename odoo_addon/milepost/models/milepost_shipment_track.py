from odoo import fields, models
from odoo.fields import Domain


class MilepostShipmentTrack(models.AbstractModel):
    """A shipment's steps and its track, apart: a truck that reports each minute buries no step."""

    _name = "milepost.shipment.track"
    _description = "Track of a Shipment"

    position_count = fields.Integer(compute="_compute_position_count")

    def _compute_position_count(self):
        milestones = self.env["milepost.milestone"]
        own = Domain("shipment_id", "in", self.ids) & Domain("is_position", "=", True)
        counts = dict(milestones._read_group(own, ["shipment_id"], ["__count"]))
        for shipment in self:
            shipment.position_count = counts.get(shipment, 0)

    def action_view_milestones(self):
        return self._facts_action(self.env._("Milestones"), False, "list,kanban,form,graph,pivot")

    def action_view_track(self):
        return self._facts_action(self.env._("Positions"), True, "list,form")

    def _facts_action(self, name, is_position, view_mode):
        return {
            "type": "ir.actions.act_window", "res_model": "milepost.milestone", "name": name,
            "view_mode": view_mode,
            "domain": [("shipment_id", "in", self.ids), ("is_position", "=", is_position)],
        }  # fmt: skip
