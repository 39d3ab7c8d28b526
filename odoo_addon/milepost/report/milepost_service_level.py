from odoo import fields, models
from odoo.tools import SQL


class MilepostServiceLevel(models.Model):
    """What was agreed with a partner and what was measured, for each connection and month (UTC).

    Uptime counts from the day the connection was made; proofs count for deliveries whose agreed
    time has passed. The service of a month that is not over is that of its days so far.
    """

    _name = "milepost.service.level"
    _description = "Service Level"
    _auto = False
    _order = "month desc, connection_id"
    _rec_name = "connection_id"

    connection_id = fields.Many2one("milepost.connection", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    owner_id = fields.Many2one("res.users", string="Owner", readonly=True)
    month = fields.Date(readonly=True)
    outage_hours = fields.Float(readonly=True, digits=(16, 2))
    uptime = fields.Float(string="Uptime %", readonly=True, digits=(16, 3), aggregator="avg")
    agreed_uptime = fields.Float(string="Agreed Uptime %", readonly=True, digits=(16, 2), aggregator="avg")
    delivered_count = fields.Integer(string="Deliveries", readonly=True)
    proof_percent = fields.Float(
        string="Proofs in Time %", readonly=True, digits=(16, 1), aggregator="avg",
        help="Of the deliveries whose agreed hours to proof have passed.",
    )  # fmt: skip
    agreed_proof_percent = fields.Float(
        string="Agreed Proofs in Time %", readonly=True, digits=(16, 1), aggregator="avg"
    )
    word_minutes = fields.Float(
        string="Minutes Until Reported", readonly=True, digits=(16, 1), aggregator="avg",
        help="Median time from an event until the bridge heard of it.",
    )  # fmt: skip
    verdict = fields.Selection([("met", "Met"), ("missed", "Missed")], readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH span AS (
                SELECT c.id AS connection_id, c.company_id, c.owner_id, c.agreed_uptime,
                       c.agreed_proof_percent, c.agreed_proof_hours, m.month,
                       greatest(m.month, c.create_date) AS since,
                       least(m.month + interval '1 month', now() AT TIME ZONE 'UTC') AS till
                  FROM milepost_connection c
                 CROSS JOIN LATERAL generate_series(
                       date_trunc('month', c.create_date), date_trunc('month', now() AT TIME ZONE 'UTC'),
                       interval '1 month') AS m(month)
            ), measured AS (
                SELECT span.*, down.seconds AS down_seconds, word.minutes, proof.delivered,
                       CASE WHEN proof.due > 0 THEN 100.0 * proof.in_time / proof.due END AS proof_percent,
                       extract(epoch FROM span.till - span.since) AS seconds
                  FROM span
                 CROSS JOIN LATERAL (
                    SELECT coalesce(sum(extract(epoch FROM
                               least(coalesce(o.ended_at, span.till), span.till)
                               - greatest(o.started_at, span.since))), 0) AS seconds
                      FROM milepost_connection_outage o
                     WHERE o.connection_id = span.connection_id AND o.started_at < span.till
                       AND coalesce(o.ended_at, span.till) > span.since
                 ) down
                 CROSS JOIN LATERAL (
                    SELECT count(*) AS delivered, count(*) FILTER (WHERE old) AS due,
                           count(*) FILTER (WHERE old AND proven <= until) AS in_time
                      FROM (
                        SELECT s.delivered_at + span.agreed_proof_hours * interval '1 hour' AS until,
                               s.delivered_at + span.agreed_proof_hours * interval '1 hour'
                                   < now() AT TIME ZONE 'UTC' AS old,
                               (SELECT min(p.received_at) FROM milepost_pod p
                                 WHERE p.shipment_id = s.id) AS proven
                          FROM milepost_shipment s
                         WHERE s.connection_id = span.connection_id AND s.state <> 'cancelled'
                           AND s.delivered_at >= span.month
                           AND s.delivered_at < span.month + interval '1 month'
                      ) one
                 ) proof
                 CROSS JOIN LATERAL (
                    SELECT percentile_cont(0.5) WITHIN GROUP (
                               ORDER BY extract(epoch FROM f.received_at - f.occurred_at) / 60) AS minutes
                      FROM milepost_milestone f
                     WHERE f.connection_id = span.connection_id AND f.classifier = 'actual'
                       AND f.received_at >= span.month AND f.received_at < span.month + interval '1 month'
                 ) word
            )
            SELECT connection_id * 100000
                       + (extract(year FROM month) * 12 + extract(month FROM month))::int AS id,
                   connection_id, company_id, owner_id, month::date AS month,
                   down_seconds / 3600 AS outage_hours,
                   100 * (1 - down_seconds / greatest(seconds, 1)) AS uptime, agreed_uptime,
                   delivered AS delivered_count, proof_percent, agreed_proof_percent,
                   minutes AS word_minutes,
                   CASE WHEN 100 * (1 - down_seconds / greatest(seconds, 1)) < agreed_uptime
                          OR proof_percent < agreed_proof_percent THEN 'missed' ELSE 'met' END AS verdict
              FROM measured
            """
        )
