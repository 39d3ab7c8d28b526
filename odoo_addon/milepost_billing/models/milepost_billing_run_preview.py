from odoo import api, models
from odoo.addons.milepost.undone import undone
from odoo.fields import Command

#: Shipments that are tried: a person waits for the answer.
TRIED = 500
#: Marks the preview's environment: an object, which no context that somebody sends can bear.
PREVIEW = object()


class MilepostBillingRunPreview(models.AbstractModel):
    """What billing runs would make: it is made, read, and rolled back."""

    _name = "milepost.billing.run.preview"
    _description = "Preview of a Billing Run"

    @api.model
    def _preview(self, company, until):
        """The documents that runs up to an instant would make of the first shipments that are due.

        Nothing is posted: nobody is told of what does not come to be.

        :param until: naive UTC
        :return: {documents: values of milepost.next.run.document, problems: texts, is_cut: there is more}
        """
        engine = self.with_context(milepost_preview=PREVIEW)
        with undone(self.env):
            runs, tried = engine.browse(), 0
            # What failed is put off by a day, and would be tried, and said, again.
            while tried < TRIED and not runs[-1:].problem and (run := engine._run(company, until, TRIED)):
                runs |= run
                tried += run.shipment_count
            return {
                "documents": [
                    {
                        "move_type": move.move_type, "partner_id": move.partner_id.id,
                        "currency_id": move.currency_id.id, "amount": move.amount_total_in_currency_signed,
                        "shipment_ids": [Command.set(move.milepost_shipment_ids.ids)],
                    }
                    for move in runs.move_ids
                ],
                "problems": [run.problem for run in runs if run.problem],
                "is_cut": tried >= TRIED and bool(engine._due(company, until, 1)),
            }  # fmt: skip

    @api.model
    def _is_preview(self):
        return self.env.context.get("milepost_preview") is PREVIEW
