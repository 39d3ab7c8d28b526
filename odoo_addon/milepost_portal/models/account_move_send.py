from odoo import api, models

# With more, mail servers begin to refuse.
MOST_BYTES = 8 << 20


class AccountMoveSend(models.AbstractModel):
    """Proofs of delivery travel with the invoice to customers who want them."""

    _inherit = "account.move.send"

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, **kwargs):
        # Shown like papers that are made while sending: whoever sends may not read proofs himself.
        proofs = [
            {"id": f"placeholder_proof_{paper.id}", "name": paper.name, "mimetype": paper.mimetype,
             "placeholder": True}
            for paper in move._milepost_proofs()
        ]  # fmt: skip
        return super()._get_placeholder_mail_attachments_data(move, **kwargs) + proofs

    @api.model
    def _get_mail_params(self, move, move_data):
        params = super()._get_mail_params(move, move_data)
        kept = {one["id"] for one in move_data.get("mail_attachments_widget") or () if not one.get("skip")}
        params["attachments"] += [
            (paper.name, paper.raw)
            for paper in move._milepost_proofs()
            if f"placeholder_proof_{paper.id}" in kept
        ]
        if text := move._milepost_left_out_text():
            move.sudo()._message_log(body=text)
        return params

    @api.model
    def _get_alerts(self, moves, moves_data):
        """Before it is sent, who sends is told what does not go with it."""
        alerts = super()._get_alerts(moves, moves_data)
        mailed = moves.filtered(lambda move: "email" in moves_data[move]["sending_methods"])
        if texts := [text for move in mailed if (text := move._milepost_left_out_text())]:
            alerts["milepost_papers"] = {"level": "warning", "message": " ".join(texts)}
        return alerts


class AccountMove(models.Model):
    _inherit = "account.move"

    def _milepost_proofs(self):
        """The papers of validated proofs that go with the invoice (as superuser), the smallest first."""
        taken = self.env["ir.attachment"].sudo()
        size = 0
        for paper in self._milepost_papers():
            size += paper.file_size
            if size <= MOST_BYTES:
                taken |= paper
        return taken

    def _milepost_left_out_text(self):
        """Which papers are too large to go with the mail, or nothing."""
        left = self._milepost_papers() - self._milepost_proofs()
        return bool(left) and self.env._(
            "%(invoice)s: proofs of more than %(limit)s MB do not go with the mail. Left out: %(papers)s.",
            invoice=self.name or self.display_name, limit=MOST_BYTES >> 20,
            papers=", ".join(left.mapped("name")),
        )  # fmt: skip

    def _milepost_papers(self):
        """The papers of validated proofs that the customer is to have with the invoice, the smallest first."""
        self.ensure_one()
        move = self.sudo()
        none = move.env["ir.attachment"]
        if not move.is_sale_document() or not move.partner_id.milepost_proof_with_invoice:
            return none
        customers = move.partner_id | move.invoice_line_ids.sale_line_ids.order_id.partner_id
        proofs = move.env["milepost.pod"]
        for shipment in move.milepost_shipment_ids:
            for customer in customers:
                # A truck for several customers: nobody gets the others' papers.
                proofs |= shipment._proofs_of(customer)
        proofs = proofs.filtered(lambda pod: pod.state == "validated")
        return proofs.document_ids.sorted(lambda one: (one.file_size, one.id))
