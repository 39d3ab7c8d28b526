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
        return self.review == "validated" and self.reviewed_by_id not in self._gainers()

    def _gainers(self):
        """Who does not say of a signature that it counts (as superuser): who made its link or wrote the address,
        and where one of ours could have given it, whoever sold the goods or chose who takes them."""
        people = self.link_id.touched_by_ids
        for pod in self.filtered("link_id.in_doubt"):
            shipment = pod.shipment_id
            people |= shipment._who_sold() | shipment.sale_order_ids.user_id
            people |= shipment.milepost_consignee_user_ids
        return people

    def _review(self, review, reason):
        if self.env.user in self.sudo()._gainers():
            raise AccessError(self.env._(
                "You made the link of this signature, wrote its address, sold the goods or chose who takes "
                "them: somebody else reviews it."
            ))  # fmt: skip
        return super()._review(review, reason)
