"""What a posted invoice rests on is kept with it; of those that are posted, what was proven as a whole."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE milepost_shipment s SET covered_stops = stop.keys, proven_stops = stop.keys
          FROM (SELECT shipment_id, jsonb_agg(key ORDER BY key) AS keys FROM milepost_stop
                 WHERE kind = 'delivery' AND in_plan GROUP BY shipment_id) stop
         WHERE stop.shipment_id = s.id AND s.posted_at IS NOT NULL
           AND (s.pod_validated_at IS NOT NULL OR EXISTS (
                SELECT FROM milepost_hold h WHERE h.shipment_id = s.id AND h.reason = 'pod_revoked'
                   AND h.subject LIKE 'stop:%'))
        """
    )
