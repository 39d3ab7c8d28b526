from odoo import api, fields, models
from odoo.addons.milepost.arguments import instant_of
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .milepost_billing_lag_records import PARTS

#: What the time from the delivery to the posted invoice is spent on, in order.
#: Open ones whose ages are told, the oldest first.
OLDEST = 5
DELIVERED_CODES = ("delivered", "partially_delivered", "refused", "returned")
#: Steps that overlap count once, for the one that ended first: each mark lies between the one
#: before it and the end. Whole seconds since the delivery, so that the parts sum to the whole.
MARKS = SQL("""
    marks AS (
        SELECT s.id, s.posted_at IS NOT NULL AS posted, stage.part AS stage,
               floor(extract(epoch FROM r1.at - s.delivered_at))::bigint AS s1,
               floor(extract(epoch FROM r2.at - s.delivered_at))::bigint AS s2,
               floor(extract(epoch FROM r3.at - s.delivered_at))::bigint AS s3,
               floor(extract(epoch FROM r4.at - s.delivered_at))::bigint AS s4,
               floor(extract(epoch FROM r5.at - s.delivered_at))::bigint AS s5,
               floor(extract(epoch FROM fin.at - s.delivered_at))::bigint AS s6
          FROM milepost_shipment s
          JOIN shown ON shown.id = s.id
          JOIN clock ON true
          LEFT JOIN word ON word.shipment_id = s.id
          CROSS JOIN LATERAL (
              SELECT greatest(least(coalesce(s.posted_at, clock.now), clock.now), s.delivered_at) AS at
          ) fin
          CROSS JOIN LATERAL (
              SELECT least(greatest(coalesce(word.received, s.delivered_at), s.delivered_at), fin.at) AS at
          ) r1
          CROSS JOIN LATERAL (
              SELECT least(greatest(coalesce(word.applied, r1.at), r1.at), fin.at) AS at
          ) r2
          CROSS JOIN LATERAL (
              SELECT least(greatest(coalesce(s.pod_validated_at, r2.at), r2.at), fin.at) AS at
          ) r3
          CROSS JOIN LATERAL (
              SELECT least(greatest(coalesce(s.charges_final_at, r3.at), r3.at), fin.at) AS at
          ) r4
          CROSS JOIN LATERAL (
              SELECT least(greatest(coalesce(s.billing_ready_at, r4.at), r4.at), fin.at) AS at
          ) r5
          CROSS JOIN LATERAL (
              SELECT CASE
                  WHEN s.billing_ready_at IS NOT NULL THEN 'posting_wait'
                  WHEN EXISTS (
                      SELECT 1 FROM milepost_hold h WHERE h.shipment_id = s.id AND h.side = 'ar'
                         AND h.is_blocking AND h.reason IN ('pod_missing', 'pod_invalid')
                  ) THEN 'pod_wait'
                  WHEN s.charges_final_at IS NULL THEN 'charge_wait'
                  ELSE 'review_wait'
              END AS part
          ) stage
    )
""")


class MilepostBillingLag(models.AbstractModel):
    """Where the time from delivery to the posted invoice goes, over the shipments that a user may read."""

    _name = "milepost.billing.lag"
    _description = "Billing Lag"
    _inherit = ["milepost.billing.kpi", "milepost.billing.lag.records"]

    @api.model
    @api.readonly
    def figures(self, domain=None, now=None):
        """The key figures of finance over delivered shipments, with a constant number of queries.

        :param domain: of milepost.shipment; cancelled ones are left out always
        :param now: naive UTC or its text, the time of looking
        :return: {now, currency_id, n, posted, total_seconds, parts: [{key, seconds, share,
            mean_hours, median_hours, p90_hours, open, open_seconds}], readiness, posting, proof,
            kpis}. Seconds and shares are of posted shipments; of open ones `open` is how many
            wait in the part now, with the seconds since their delivery. A lag is {n,
            median_hours, p90_hours, mean_hours, open, open_ages_hours}. Hours are text with two
            decimals, None where nothing is to be counted
        """
        self._check_reader()
        now = instant_of(self.env, now, fields.Datetime.now())
        shown = self._shown(domain, now)
        parts, whole = self._waterfall(shown, now)
        return {
            "now": fields.Datetime.to_string(now),
            "currency_id": self.env.company.currency_id.id,
            **whole,
            "parts": parts,
            **self._lags(shown, now),
            "kpis": self._kpis(shown, now),
        }

    @api.model
    def _check_reader(self):
        """The figures are read by SQL: the right is checked here, the companies in `_shown`."""
        if not self.env["milepost.hold"]._finance_role():
            raise AccessError(self.env._("The figures of billing are for finance."))

    @api.model
    def _shown_domain(self, domain, now=None):
        """What was delivered until the time of looking: the one population that all figures count."""
        delivered = Domain("delivered_at", "<=", now or fields.Datetime.now())
        return Domain(domain or []) & delivered & Domain("state", "!=", "cancelled")

    @api.model
    def _shown(self, domain, now=None):
        """The ids of the shipments that the user may read and wants, as a subselect."""
        shipments = self.env["milepost.shipment"]
        self.env.flush_all()
        return shipments._search(self._shown_domain(domain, now)).subselect()

    @api.model
    def _with(self, shown, now):
        """The common table expressions of the waterfall: `marks`, a row for each shipment.

        What was billed without proof was billed ahead of it: it waited for nothing that is counted.
        """
        return SQL(
            """
            WITH shown AS MATERIALIZED (
                SELECT id FROM milepost_shipment WHERE id IN %s AND emergency_at IS NULL
            ),
            clock AS (SELECT %s::timestamp AS now),
            word AS (
                SELECT m.shipment_id, min(m.received_at) AS received, min(m.create_date) AS applied
                  FROM milepost_milestone m JOIN shown ON shown.id = m.shipment_id
                 WHERE m.classifier = 'actual' AND m.code IN %s
                 GROUP BY m.shipment_id
            ), %s
            """,
            shown, now, DELIVERED_CODES, MARKS,
        )  # fmt: skip

    @api.model
    def _waterfall(self, shown, now):
        rows = self.env.execute_query(SQL(
            """
            %s, spans AS (
                SELECT marks.posted, marks.stage, span.part, span.seconds, marks.s6
                  FROM marks CROSS JOIN LATERAL (VALUES
                      ('carrier_reporting', s1), ('bridge', s2 - s1), ('pod_wait', s3 - s2),
                      ('charge_wait', s4 - s3), ('review_wait', s5 - s4), ('posting_wait', s6 - s5)
                  ) span(part, seconds)
            )
            SELECT part,
                   count(*) FILTER (WHERE posted),
                   coalesce(sum(seconds) FILTER (WHERE posted), 0),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE posted),
                   percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE posted),
                   count(*) FILTER (WHERE NOT posted AND stage = part),
                   coalesce(sum(s6) FILTER (WHERE NOT posted AND stage = part), 0),
                   count(*)
              FROM spans GROUP BY part
            """,
            self._with(shown, now),
        ))  # fmt: skip
        by_part = {row[0]: row[1:] for row in rows}
        empty = (0, 0, None, None, 0, 0, 0)
        total = sum(int(row[2]) for row in rows)
        parts = []
        for key in PARTS:
            n, seconds, median, p90, waiting, age, _count = by_part.get(key, empty)
            parts.append({
                "key": key,
                "seconds": int(seconds),
                "share": round(100 * int(seconds) / total, 1) if total else 0,
                "mean_hours": _hours(seconds / n) if n else None,
                "median_hours": _hours(median),
                "p90_hours": _hours(p90),
                "open": waiting,
                "open_seconds": int(age),
            })  # fmt: skip
        posted, whole = rows[0][1] if rows else 0, rows[0][7] if rows else 0
        return parts, {"n": whole, "posted": posted, "total_seconds": total}

    @api.model
    def _lags(self, shown, now):
        """Delivery → readiness, readiness → posted, delivery → proof, delivery → posted.

        As in the waterfall, what was there before its beginning was waited for no time at all.
        """
        rows = self.env.execute_query(SQL(
            """
            WITH spans AS (
                SELECT lag.key, lag.till IS NOT NULL AS done,
                       extract(epoch FROM greatest(
                           coalesce(lag.till, %(now)s::timestamp) - lag.since, interval '0'
                       )) AS seconds
                  FROM milepost_shipment s
                  LEFT JOIN milepost_billing_policy p ON p.id = s.policy_id
                 CROSS JOIN LATERAL (VALUES
                      ('readiness', s.delivered_at, s.billing_ready_at),
                      ('posting', CASE WHEN s.billing_ready_at IS NOT NULL
                                  THEN greatest(s.billing_ready_at, s.delivered_at) END, s.posted_at),
                      ('whole', s.delivered_at, s.posted_at),
                      ('proof', CASE WHEN coalesce(p.pod_gate, 'pod') = 'pod' OR s.pod_validated_at
                                IS NOT NULL THEN s.delivered_at END, s.pod_validated_at)
                 ) lag(key, since, till)
                 WHERE s.id IN %(shown)s AND lag.since IS NOT NULL AND s.emergency_at IS NULL
            )
            SELECT key, count(*) FILTER (WHERE done),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE done),
                   percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE done),
                   avg(seconds) FILTER (WHERE done),
                   count(*) FILTER (WHERE NOT done),
                   (array_agg(seconds ORDER BY seconds DESC) FILTER (WHERE NOT done))[1:%(oldest)s]
              FROM spans GROUP BY key
            """,
            shown=shown, now=now, oldest=OLDEST,
        ))  # fmt: skip
        found = {row[0]: row[1:] for row in rows}
        lags = {}
        for key in ("readiness", "posting", "proof", "whole"):
            n, median, p90, mean, waiting, ages = found.get(key, (0, None, None, None, 0, None))
            lags[key] = {
                "n": n,
                "median_hours": _hours(median),
                "p90_hours": _hours(p90),
                "mean_hours": _hours(mean),
                "open": waiting,
                "open_ages_hours": [_hours(age) for age in ages or ()],
            }
        return lags


def _hours(seconds):
    return None if seconds is None else f"{float(seconds) / 3600:.2f}"
