from odoo import fields, models


class MilepostBillingPolicy(models.Model):
    """Whether a carrier is paid on his own word."""

    _inherit = "milepost.billing.policy"

    pay_on_own_proof = fields.Boolean(
        string="Carrier's Own Entry Is Enough", tracking=True,
        help="Where a carrier is paid against proof: a proof that he entered himself through his link pays "
        "him. Else another one is needed: the consignee's, a partner system's, or one that somebody supplied.",
    )  # fmt: skip

    def _unproven_to_pay(self, proof):
        missing = super()._unproven_to_pay(proof)
        if not self.pay_needs_pod or self.pay_on_own_proof:
            return missing
        own, others = set(), set()
        for pod in proof.sound:
            stop = proof.notes[pod.id][1]
            (own if pod.sudo().link_id.purpose == "carrier" else others).add(stop)
        return (*missing, *sorted(own - others - set(missing)))

    def _strictness(self):
        return (*super()._strictness(), not self.pay_on_own_proof)
