from odoo import api, fields, models
from odoo.exceptions import AccessError


class MilepostPod(models.Model):
    """Proofs that came by a link."""

    _inherit = "milepost.pod"

    link_id = fields.Many2one(
        "milepost.link", readonly=True, ondelete="restrict", index="btree_not_null", fact=True,
        check_company=True, help="The link that it came by, with all that was kept of the signature.",
    )  # fmt: skip

    @api.model
    def _prepare_fact_row(self, fact, context):
        # The exchange's contract knows no links: only what is ingested here names one.
        link = context.messages[fact["message"]].get("link")
        return {**super()._prepare_fact_row(fact, context), "link_id": link}

    def _is_accepted(self, policy):
        """A signature that its asker could have given himself needs the yes of somebody else."""
        if not self.link_id.in_doubt:
            return super()._is_accepted(policy)
        return self.review == "validated" and self.reviewed_by_id not in self.link_id.touched_by_ids

    def _review(self, review, reason):
        if self.env.user in self.sudo().link_id.touched_by_ids:
            raise AccessError(
                self.env._(
                    "You made the link of this signature or wrote its address: somebody else reviews it."
                )
            )
        return super()._review(review, reason)
