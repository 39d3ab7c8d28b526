from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..billing.decimals import decimal
from .milepost_billing_kpi_transport import rate

#: Days since the delivery, from and to; None is without an end.
AGING = ((0, 1), (2, 3), (4, 7), (8, None))
VARIANCES = ("charge_variance", "unexpected_charge")
#: Audit entries of a hold that a person makes.
HUMAN_EVENTS = ("in_review", "approved", "released", "rejected")


class MilepostBillingKpi(models.AbstractModel):
    """The key figures beside the waterfall, each with how many it counts. Money is in the currency
    of the user's company, at today's rate."""

    _name = "milepost.billing.kpi"
    _description = "Key Figures of Billing"
    _inherit = ["milepost.billing.kpi.transport"]

    @api.model
    def _kpis(self, shown, now):
        """{key: figure}; a rate is {value (percent, None without a denominator), n, of}."""
        return {
            **self._proof_and_first_pass(shown, now),
            "unbilled": self._unbilled(shown, now),
            **self._payables(shown),
            **self._holds(shown, now),
            "late_charge_leak": self._late_charges(shown),
            "billing_accuracy": self._accuracy(shown),
            **self._punctuality(shown),
            "dwell": self._dwell(shown),
            "detention_recovery": self._detention(shown),
            **self._events(shown),
        }

    @api.model
    def _proof_and_first_pass(self, shown, now):
        [[due, missing, ready, first]] = self.env.execute_query(SQL(
            """
            SELECT count(*) FILTER (WHERE s.needs AND s.old),
                   count(*) FILTER (WHERE s.needs AND s.old AND s.pod_validated_at IS NULL),
                   count(*) FILTER (WHERE s.billing_ready_at IS NOT NULL),
                   count(*) FILTER (WHERE s.billing_ready_at IS NOT NULL AND NOT coalesce(s.ever_held, false))
              FROM (
                SELECT s.pod_validated_at, s.billing_ready_at, s.ever_held,
                       coalesce(p.pod_gate, 'pod') = 'pod' AS needs,
                       s.delivered_at < %s::timestamp - make_interval(hours => c.milepost_pod_due_hours) AS old
                  FROM milepost_shipment s
                  JOIN res_company c ON c.id = s.company_id
                  LEFT JOIN milepost_billing_policy p ON p.id = s.policy_id
                 WHERE s.id IN %s
              ) s
            """,
            now, shown,
        ))  # fmt: skip
        return {"missing_pod": rate(missing, due), "first_pass": rate(first, ready)}

    @api.model
    def _unbilled(self, shown, now):
        """What was delivered and is on no posted invoice, by days since the delivery."""
        rows = self.env.execute_query(SQL(
            """
            SELECT extract(epoch FROM %s::timestamp - s.delivered_at)::bigint / 86400 AS days,
                   s.currency_id, count(*), sum(s.billable_amount - coalesce(s.absorbed_amount, 0))
              FROM milepost_shipment s
             WHERE s.id IN %s AND s.posted_at IS NULL AND s.billing_state <> 'nothing'
             GROUP BY 1, 2
            """,
            now, shown,
        ))  # fmt: skip
        buckets = []
        for low, high in AGING:
            own = [row for row in rows if row[0] >= low and (high is None or row[0] <= high)]
            buckets.append({
                "from": low, "to": high, "n": sum(row[2] for row in own),
                "amount": self._company_sum((row[1], row[3]) for row in own),
            })  # fmt: skip
        return {
            "n": sum(one["n"] for one in buckets),
            "amount": self._company_sum((row[1], row[3]) for row in rows),
            "buckets": buckets,
        }

    @api.model
    def _payables(self, shown):
        """Carrier invoices of the shipments; those that match no shipment stand on the holds' board."""
        rows = self.env.execute_query(SQL(
            """
            SELECT i.currency_id, count(*), count(*) FILTER (WHERE held.any OR i.ever_held),
                   coalesce(sum(abs(i.total)), 0),
                   count(*) FILTER (WHERE i.state = 'payable'),
                   count(*) FILTER (WHERE i.state = 'payable' AND NOT held.by_hand
                                      AND coalesce(i.matched_how, '') <> 'person')
              FROM milepost_carrier_invoice i
             CROSS JOIN LATERAL (
                SELECT EXISTS (
                    SELECT 1 FROM milepost_hold h WHERE h.carrier_invoice_id = i.id AND h.side = 'ap'
                       AND h.severity <> 'warn'
                ) AS any, EXISTS (
                    SELECT 1 FROM milepost_hold h JOIN milepost_hold_audit a ON a.hold_id = h.id
                     WHERE h.carrier_invoice_id = i.id AND a.event IN %(human)s
                ) AS by_hand
             ) held
             WHERE i.shipment_id IN %(shown)s AND i.state <> 'superseded' AND i.document = 'invoice'
             GROUP BY i.currency_id
            """,
            shown=shown, human=HUMAN_EVENTS,
        ))  # fmt: skip
        variances = self.env.execute_query(SQL(
            """
            SELECT h.currency_id, sum(h.amount) FROM milepost_hold h
              JOIN milepost_carrier_invoice i ON i.id = h.carrier_invoice_id
             WHERE h.shipment_id IN %s AND h.side = 'ap' AND h.reason IN %s AND h.shadow IS NOT TRUE
               -- The same bills as those that it is divided by.
               AND i.state <> 'superseded' AND i.document = 'invoice'
             GROUP BY h.currency_id
            """,
            shown, VARIANCES,
        ))  # fmt: skip
        received, excepted = sum(row[1] for row in rows), sum(row[2] for row in rows)
        invoiced = self._company_sum((row[0], row[3]) for row in rows)
        held = self._company_sum(variances)
        return {
            "charge_exceptions": rate(excepted, received),
            "charge_exception_value": {
                "value": round(100 * held / invoiced, 1) if invoiced else None,
                "amount": held, "of_amount": invoiced,
            },
            "touchless": rate(sum(row[5] for row in rows), sum(row[4] for row in rows)),
        }  # fmt: skip

    @api.model
    def _holds(self, shown, now):
        """Holds by reason; of several on one document the longest is the primary one."""
        rows = self.env.execute_query(SQL(
            """
            WITH h AS (
                SELECT h.id, h.side, h.reason, h.currency_id, h.amount, h.state, h.company_id,
                       extract(epoch FROM coalesce(h.closed_at, %(now)s::timestamp) - h.opened_at) / 3600
                           AS hours
                  FROM milepost_hold h
                 WHERE h.shipment_id IN %(shown)s AND h.severity <> 'warn' AND h.shadow IS NOT TRUE
            ), ranked AS (
                SELECT h.*, c.milepost_capital_rate AS rate, row_number() OVER (
                           PARTITION BY h.side, s.carrier_invoice_id, s.shipment_id
                           ORDER BY h.hours DESC, h.id) = 1 AS primary,
                       EXISTS (SELECT 1 FROM milepost_hold_audit a WHERE a.hold_id = h.id
                                  AND a.event IN ('changed', 'reopened')) AS changed
                  FROM h JOIN milepost_hold s ON s.id = h.id JOIN res_company c ON c.id = h.company_id
            )
            SELECT side, reason, currency_id, count(*), sum(hours), sum(amount),
                   count(*) FILTER (WHERE ranked.primary),
                   coalesce(sum(hours) FILTER (WHERE ranked.primary), 0),
                   coalesce(sum(amount) FILTER (WHERE ranked.primary), 0),
                   coalesce(sum(amount * hours / 8760 * rate / 100) FILTER (WHERE ranked.primary), 0),
                   count(*) FILTER (WHERE state = 'released'),
                   count(*) FILTER (WHERE state = 'released' AND NOT changed)
              FROM ranked GROUP BY side, reason, currency_id
            """,
            shown=shown, now=now,
        ))  # fmt: skip
        labels = dict(self.env["milepost.hold"]._fields["reason"]._description_selection(self.env))
        by_reason = defaultdict(list)
        for row in rows:
            by_reason[row[0], row[1]].append(row)
        pareto = [
            {
                "side": side, "reason": reason, "label": labels[reason],
                "n": sum(row[3] for row in own), "hours": float(sum(row[4] for row in own)),
                "amount": self._company_sum((row[2], row[5]) for row in own),
                "primary_n": sum(row[6] for row in own),
                "primary_hours": float(sum(row[7] for row in own)),
                "primary_amount": self._company_sum((row[2], row[8]) for row in own),
            }
            for (side, reason), own in by_reason.items()
        ]  # fmt: skip
        pareto.sort(key=lambda one: (-one["primary_hours"], -one["hours"], one["reason"], one["side"]))
        return {
            "hold_pareto": pareto,
            "hold_cost": {
                "amount": self._company_sum((row[2], row[9]) for row in rows),
                "n": sum(row[6] for row in rows),
            },
            "false_holds": rate(sum(row[11] for row in rows), sum(row[10] for row in rows)),
        }

    @api.model
    def _late_charges(self, shown):
        rows = self.env.execute_query(SQL(
            """
            SELECT s.currency_id, count(*), sum(l.amount)
              FROM milepost_late_charge l JOIN milepost_shipment s ON s.id = l.shipment_id
             WHERE l.shipment_id IN %s AND l.kind = 'leak' GROUP BY s.currency_id
            """,
            shown,
        ))  # fmt: skip
        return {
            "n": sum(row[1] for row in rows),
            "amount": self._company_sum((row[0], row[2]) for row in rows),
        }

    @api.model
    def _accuracy(self, shown):
        """Posted invoices that no later credit or debit note corrects."""
        [[posted, corrected]] = self.env.execute_query(SQL(
            """
            SELECT count(*), count(*) FILTER (WHERE EXISTS (
                       SELECT 1 FROM account_move note WHERE note.state = 'posted'
                          AND (note.reversed_entry_id = m.id OR note.debit_origin_id = m.id)))
              FROM account_move m
             WHERE m.state = 'posted' AND m.move_type = 'out_invoice' AND m.debit_origin_id IS NULL
               AND EXISTS (SELECT 1 FROM milepost_shipment_move link
                            WHERE link.move_id = m.id AND link.shipment_id IN %s)
            """,
            shown,
        ))  # fmt: skip
        return rate(posted - corrected, posted)

    @api.model
    def _company_sum(self, pairs):
        """The sum of (currency id, amount) in the currency of the user's company."""
        company, day = self.env.company, fields.Date.context_today(self)
        sums = defaultdict(Decimal)
        for currency_id, amount in pairs:
            sums[currency_id] += decimal(amount)
        total = Decimal(0)
        for currency_id, amount in sums.items():
            currency = self.env["res.currency"].browse(currency_id)
            rate = currency._get_conversion_rate(currency, company.currency_id, company, day)
            total += amount * decimal(rate)
        return company.currency_id.round(float(total))
