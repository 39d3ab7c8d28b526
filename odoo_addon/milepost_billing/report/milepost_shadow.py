from odoo import fields, models
from odoo.tools import SQL

from ..selections import hold_reasons

OUTCOMES = [
    ("pending", "Not Decided Yet"),
    ("waited", "Waited Until It Cleared"),
    ("as_is", "Invoiced or Paid as It Was"),
    ("corrected", "Corrected Later"),
    ("disputed", "Disputed or Rejected"),
]
VERDICTS = [
    ("right", "Rightly Held"),
    ("false", "Falsely Held"),
    ("missed", "Missed"),
    ("clear", "Rightly Let Through"),
    ("open", "Not Decided Yet"),
]


class MilepostShadow(models.Model):
    """What the rules would have held in shadow mode, beside what people did.

    One row for each hold that would have blocked, and one for each invoice or carrier bill that the
    rules would have let through. A hold was right when people waited, disputed or corrected later,
    and false when they invoiced or paid as it was. What nothing would have held and was corrected
    all the same was missed. A correction's amount stands in one row only: that of the largest hold.
    """

    _name = "milepost.shadow"
    _description = "Shadow Mode Comparison"
    _auto = False
    _order = "decided_at desc, id desc"
    _rec_name = "shipment_id"

    side = fields.Selection([("ar", "Customer Invoice"), ("ap", "Carrier Bill")], readonly=True)
    hold_id = fields.Many2one("milepost.hold", readonly=True)
    shipment_id = fields.Many2one("milepost.shipment", readonly=True)
    carrier_invoice_id = fields.Many2one("milepost.carrier.invoice", string="Carrier Bill", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    policy_id = fields.Many2one("milepost.billing.policy", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    carrier_partner_id = fields.Many2one("res.partner", string="Carrier", readonly=True)
    reason = fields.Selection(
        lambda self: [*hold_reasons(self), ("none", self.env._("Nothing Held"))], readonly=True
    )
    explanation = fields.Char(readonly=True)
    explanation_shown = fields.Char(related="hold_id.explanation_shown", string="What Is Wrong")
    decided_at = fields.Datetime(
        string="Decided", readonly=True, help="When the hold was opened; else when it was invoiced."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    held_amount = fields.Monetary(string="Would Be Held", readonly=True)
    corrected_amount = fields.Monetary(
        string="Corrected", readonly=True, help="Credit and debit notes that came later."
    )
    outcome = fields.Selection(OUTCOMES, string="What People Did", readonly=True)
    verdict = fields.Selection(VERDICTS, readonly=True)
    false_percent = fields.Float(
        string="False Holds %", readonly=True, aggregator="avg", digits=(16, 1),
        help="Of the holds on which people have decided, those that would have been in the way.",
    )  # fmt: skip
    missed_percent = fields.Float(
        string="Missed %", readonly=True, aggregator="avg", digits=(16, 1),
        help="Of what the rules would have let through, the part that was corrected later.",
    )  # fmt: skip

    @property
    def _table_query(self):
        return SQL("%s SELECT * FROM judged", SQL(_COMPARISON))

    def action_open(self):
        """The shipment, or the carrier's bill that nobody could match."""
        self.ensure_one()
        record = self.shipment_id or self.carrier_invoice_id
        return self.env["milepost.shipment"]._action_view(record._name, record, record.display_name)


# Corrections are told by the billables of the notes' lines, so that a note over several shipments
# counts for each with its own part.
_COMPARISON = """
    WITH note AS (
        SELECT b.shipment_id, sum(abs(l.price_subtotal)) AS amount
          FROM account_move_line l
          JOIN milepost_billable b ON b.id = l.milepost_billable_id
          JOIN account_move m ON m.id = l.move_id
         WHERE m.state = 'posted'
           AND (m.move_type = 'out_refund' OR m.move_type = 'out_invoice' AND m.debit_origin_id IS NOT NULL)
         GROUP BY b.shipment_id
    ), dispute AS (
        SELECT DISTINCT shipment_id FROM milepost_hold
         WHERE is_manual AND side = 'ar' AND reason IN ('customer_dispute', 'credit')
    ), paid AS (
        SELECT milepost_carrier_invoice_id AS invoice_id, min(create_date) AS at
          FROM account_move
         WHERE milepost_carrier_invoice_id IS NOT NULL AND move_type = 'in_invoice' AND state = 'posted'
         GROUP BY milepost_carrier_invoice_id
    ), credit AS (
        SELECT i.id AS invoice_id, sum(abs(coalesce(c.compared_amount, c.total))) AS amount
          FROM milepost_carrier_invoice i
          JOIN milepost_carrier_invoice c ON c.shipment_id = i.shipment_id AND c.id > i.id
           AND c.carrier_partner_id = i.carrier_partner_id
           AND (c.document = 'credit_note' OR c.total < 0)
           AND NOT c.retracted AND c.state <> 'rejected'
         WHERE i.document = 'invoice' AND i.total >= 0
         GROUP BY i.id
    ), shadow AS (
        SELECT h.*, row_number() OVER (
                   PARTITION BY h.side, coalesce(h.carrier_invoice_id, 0), coalesce(h.shipment_id, 0)
                   ORDER BY h.amount DESC, h.id) AS place
          FROM milepost_hold h
         WHERE h.shadow AND NOT h.is_manual AND h.severity <> 'warn'
    ), told AS (
        SELECT h.id::bigint * 4 AS id, 'ar' AS side, h.id AS hold_id, h.shipment_id,
               NULL::int AS carrier_invoice_id, h.company_id, h.policy_id, h.reason, h.explanation,
               h.opened_at AS decided_at, h.currency_id, h.amount AS held_amount,
               CASE WHEN h.place = 1 THEN note.amount END AS corrected_amount,
               CASE WHEN dispute.shipment_id IS NOT NULL OR h.state = 'rejected' THEN 'disputed'
                    WHEN note.amount IS NOT NULL THEN 'corrected'
                    WHEN h.state = 'auto_cleared'
                     AND NOT (h.outlasted IS TRUE OR coalesce(h.closed_at > s.posted_at, false)) THEN 'waited'
                    WHEN s.posted_at IS NULL THEN 'pending'
                    ELSE 'as_is' END AS outcome
          FROM shadow h
          JOIN milepost_shipment s ON s.id = h.shipment_id
          LEFT JOIN note ON note.shipment_id = s.id
          LEFT JOIN dispute ON dispute.shipment_id = s.id
         WHERE h.side = 'ar'
        UNION ALL
        SELECT h.id::bigint * 4, 'ap', h.id, i.shipment_id, i.id, h.company_id, h.policy_id, h.reason,
               h.explanation, h.opened_at, h.currency_id, h.amount,
               CASE WHEN h.place = 1 THEN credit.amount END,
               CASE WHEN i.state = 'rejected' OR h.state = 'rejected' THEN 'disputed'
                    WHEN credit.amount IS NOT NULL OR i.state = 'superseded' THEN 'corrected'
                    WHEN h.state = 'auto_cleared'
                     AND NOT (h.outlasted IS TRUE OR coalesce(h.closed_at > paid.at, false))
                    THEN 'waited'
                    WHEN paid.at IS NULL THEN 'pending'
                    ELSE 'as_is' END
          FROM shadow h
          JOIN milepost_carrier_invoice i ON i.id = h.carrier_invoice_id
          LEFT JOIN credit ON credit.invoice_id = i.id
          LEFT JOIN paid ON paid.invoice_id = i.id
         WHERE h.side = 'ap'
        UNION ALL
        SELECT s.id::bigint * 4 + 1, 'ar', NULL, s.id, NULL, s.company_id, s.policy_id, 'none', NULL,
               s.posted_at, s.currency_id, 0, note.amount,
               CASE WHEN dispute.shipment_id IS NOT NULL THEN 'disputed'
                    WHEN note.amount IS NOT NULL THEN 'corrected' ELSE 'as_is' END
          FROM milepost_shipment s
          JOIN milepost_policy_version v ON v.id = s.policy_version_id AND v.rules ->> 'mode' = 'shadow'
          LEFT JOIN note ON note.shipment_id = s.id
          LEFT JOIN dispute ON dispute.shipment_id = s.id
         WHERE s.posted_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM shadow h WHERE h.shipment_id = s.id AND h.side = 'ar')
        UNION ALL
        SELECT i.id::bigint * 4 + 2, 'ap', NULL, s.id, i.id, i.company_id, s.policy_id, 'none', NULL,
               i.first_decided_at, coalesce(i.contract_currency_id, i.currency_id), 0, credit.amount,
               CASE WHEN i.state = 'rejected' THEN 'disputed'
                    WHEN credit.amount IS NOT NULL OR i.state = 'superseded' THEN 'corrected'
                    ELSE 'as_is' END
          FROM milepost_carrier_invoice i
          JOIN milepost_shipment s ON s.id = i.shipment_id
          JOIN milepost_policy_version v ON v.id = s.policy_version_id AND v.rules ->> 'mode' = 'shadow'
          LEFT JOIN credit ON credit.invoice_id = i.id
          LEFT JOIN paid ON paid.invoice_id = i.id
         WHERE i.document = 'invoice' AND i.total >= 0 AND NOT i.retracted
           AND (paid.at IS NOT NULL OR i.state IN ('rejected', 'superseded'))
           AND NOT EXISTS (SELECT FROM shadow h WHERE h.carrier_invoice_id = i.id)
    ), judged AS (
        SELECT t.*, s.partner_id, s.carrier_partner_id,
               CASE WHEN hold_id IS NOT NULL AND outcome IN ('waited', 'corrected', 'disputed') THEN 'right'
                    WHEN hold_id IS NOT NULL AND outcome = 'as_is' THEN 'false'
                    WHEN hold_id IS NULL AND outcome IN ('corrected', 'disputed') THEN 'missed'
                    WHEN hold_id IS NULL THEN 'clear' ELSE 'open' END AS verdict,
               CASE WHEN hold_id IS NULL OR outcome = 'pending' THEN NULL
                    WHEN outcome = 'as_is' THEN 100.0 ELSE 0.0 END AS false_percent,
               CASE WHEN hold_id IS NOT NULL THEN NULL
                    WHEN outcome IN ('corrected', 'disputed') THEN 100.0 ELSE 0.0 END AS missed_percent
          FROM told t
          LEFT JOIN milepost_shipment s ON s.id = t.shipment_id
    )
"""
