from odoo import api, models
from odoo.tools import SQL


class MilepostBillingKpiTransport(models.AbstractModel):
    """The key figures that transport itself gives: punctuality, dwell, detention, events."""

    _name = "milepost.billing.kpi.transport"
    _description = "Key Figures of Transport"

    @api.model
    def _punctuality(self, shown):
        """By the last appointment and by the first promise; OTIF adds that all was accepted."""
        [[last, last_met, first, first_met, full]] = self.env.execute_query(SQL(
            """
            SELECT count(*) FILTER (WHERE s.punctuality IS NOT NULL),
                   count(*) FILTER (WHERE s.punctuality = 'on_time'),
                   count(*) FILTER (WHERE s.due_at IS NOT NULL),
                   count(*) FILTER (WHERE coalesce(s.arrived_delivery_at, s.delivered_at) <= s.due_at
                       + make_interval(mins => coalesce(c.late_grace_minutes, 15))),
                   count(*) FILTER (WHERE s.punctuality = 'on_time' AND NOT EXISTS (
                       SELECT 1 FROM milepost_billable b WHERE b.shipment_id = s.id
                          AND b.kind = 'goods' AND (b.short_qty > 0 OR b.refused_qty > 0)))
              FROM milepost_shipment s LEFT JOIN milepost_connection c ON c.id = s.connection_id
             WHERE s.id IN %s
            """,
            shown,
        ))  # fmt: skip
        return {
            "on_time_last": rate(last_met, last),
            "on_time_first": rate(first_met, first),
            "otif": rate(full, last),
        }

    @api.model
    def _dwell(self, shown):
        [[n, median, p90]] = self.env.execute_query(SQL(
            """
            SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
                   percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds)
              FROM (SELECT extract(epoch FROM departed_at - arrived_at) AS seconds FROM milepost_stop
                     WHERE shipment_id IN %s AND in_plan AND departed_at >= arrived_at) stay
            """,
            shown,
        ))  # fmt: skip
        return {"n": n, "median_hours": hours(median), "p90_hours": hours(p90)}

    @api.model
    def _detention(self, shown):
        """Detention that customers were billed, in percent of what carriers are paid for it."""
        rows = self.env.execute_query(SQL(
            """
            SELECT true, currency_id, sum(invoiced_amount) FROM milepost_billable
             WHERE shipment_id IN %(shown)s AND charge_type = 'detention' GROUP BY currency_id
             UNION ALL
            SELECT false, coalesce(contract_currency_id, currency_id),
                   sum((approved_by_type::jsonb ->> 'detention')::numeric)
              FROM milepost_carrier_invoice
             WHERE shipment_id IN %(shown)s AND state IN ('payable', 'partial')
               AND approved_by_type::jsonb ? 'detention' GROUP BY 2
            """,
            shown=shown,
        ))  # fmt: skip
        billed = self._company_sum((row[1], row[2]) for row in rows if row[0])
        paid = self._company_sum((row[1], row[2]) for row in rows if not row[0])
        return {
            "value": round(100 * billed / paid, 1) if paid else None, "amount": billed, "of_amount": paid,
        }  # fmt: skip

    @api.model
    def _events(self, shown):
        """From the event until it was recorded in Odoo, and how many of the stops were heard of at all."""
        [[n, p95, stops, heard]] = self.env.execute_query(SQL(
            """
            SELECT e.n, e.p95, t.stops, t.heard FROM (
                SELECT count(*) AS n, percentile_disc(0.95) WITHIN GROUP (
                           ORDER BY extract(epoch FROM create_date - occurred_at)) AS p95
                  FROM milepost_milestone
                 WHERE shipment_id IN %(shown)s AND classifier = 'actual'
            ) e CROSS JOIN (
                SELECT count(*) AS stops, count(completed_milestone_id) AS heard FROM milepost_stop
                 WHERE shipment_id IN %(shown)s AND in_plan AND kind IN ('pickup', 'delivery')
            ) t
            """,
            shown=shown,
        ))  # fmt: skip
        return {
            "event_latency": {"n": n, "p95_hours": hours(p95)},
            "completeness": rate(heard, stops),
        }


def hours(seconds):
    return None if seconds is None else f"{float(seconds) / 3600:.2f}"


def rate(n, of):
    return {"value": round(100 * n / of, 1) if of else None, "n": n, "of": of}
