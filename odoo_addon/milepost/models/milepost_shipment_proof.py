from odoo import api, models

#: Code of what the bridge says of a paper behind a link: see `proof_notice.ts`.
LINK = "proof_link/"
FETCHED = f"{LINK}fetched"


class MilepostShipmentProof(models.AbstractModel):
    """Proofs that the partner has and that are not here: behind a link, or only said to exist."""

    _name = "milepost.shipment.proof"
    _description = "Proofs That Are Not Here"

    def _proofs_not_fetched(self):
        """{shipment: why its partner's proof is not here}, of those whose partner has one."""
        told = self.env["milepost.milestone"].sudo().search([
            ("shipment_id", "in", self.ids), ("conditions", "!=", False),
            ("superseded", "=", False), ("retracted", "=", False),
        ], order="said_at, id")  # fmt: skip
        said = told.filtered(lambda it: "pod_available" in it.conditions)
        return {
            shipment: words
            for shipment, milestones in said.grouped("shipment_id").items()
            if (words := self._why_not_fetched(milestones.mapped("raw_code"), bool(shipment.sudo().pod_ids)))
        }

    @api.model
    def _why_not_fetched(self, codes, has_proof):
        """:param codes: of what is said of the shipment's proofs, the latest last"""
        failed = [code for code in codes if code.startswith(LINK) and code != FETCHED]
        if failed:
            return self.env._(
                "The partner has a proof of delivery, not fetched, because %(why)s.",
                why=self._link_causes().get(failed[-1].removeprefix(LINK))
                or self.env._("the link failed (%s)", failed[-1].removeprefix(LINK)),
            )
        if has_proof or FETCHED in codes:
            return ""
        return self.env._("The partner says that he has a proof of delivery; it is not here.")

    @api.model
    def _link_causes(self):
        """What the bridge's codes mean to those who wait for a proof (docs/errors.md)."""
        unreachable = self.env._("the host of its link cannot be reached")
        return {
            "link_host": self.env._("the host of its link is not allowed for the connection"),
            "link_invalid": self.env._("its link is none that may be followed"),
            "link_address": self.env._("the host of its link is not on the public internet"),
            "link_redirect": self.env._("its link leads on too often"),
            "link_refused": self.env._("its link is refused; perhaps it ran out"),
            "link_failed": self.env._("it was not there when it was asked for"),
            "link_unreachable": unreachable,
            "link_timeout": unreachable,
            "link_too_large": self.env._("it is too large"),
            "link_no_paper": self.env._("what its link leads to is no PDF or picture"),
        }
