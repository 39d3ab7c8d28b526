"""Early is before the window begins, no longer before it ends: what is stored is counted anew.

As `Stop.lateness_minutes` of derivation/facts.py counts it. What is late stays as late as it was.
"""

SINCE = "COALESCE(window_start, planned_arrival, due_at)"
ARRIVAL = "COALESCE(LEAST(arrived_at, completed_at), estimated_arrival)"


def migrate(cr, version):
    cr.execute(
        f"""
        UPDATE milepost_stop
           SET lateness_minutes = LEAST(0, FLOOR(EXTRACT(EPOCH FROM {ARRIVAL} - LEAST({SINCE}, due_at)) / 60))
         WHERE lateness_minutes < 0 AND due_at IS NOT NULL AND {ARRIVAL} IS NOT NULL
        """
    )
    # A shipment is as late as its last delivery.
    cr.execute(
        """
        UPDATE milepost_shipment shipment
           SET lateness_minutes = last.lateness_minutes
          FROM (SELECT DISTINCT ON (shipment_id) shipment_id, lateness_minutes
                  FROM milepost_stop
                 WHERE in_plan AND kind = 'delivery'
                 ORDER BY shipment_id, sequence DESC, id DESC) last
         WHERE last.shipment_id = shipment.id AND shipment.lateness_minutes < 0
           AND last.lateness_minutes IS NOT NULL
        """
    )
