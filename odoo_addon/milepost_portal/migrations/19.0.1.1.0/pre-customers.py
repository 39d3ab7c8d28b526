"""Notices and links say for whom they are, where it went without saying: for the shipment's customer."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE milepost_notice notice SET partner_id = shipment.partner_id
          FROM milepost_shipment shipment
         WHERE shipment.id = notice.shipment_id AND notice.partner_id IS NULL
        """
    )
    cr.execute("DELETE FROM milepost_notice WHERE partner_id IS NULL")
    cr.execute(
        """
        UPDATE milepost_link link SET partner_id = shipment.partner_id
          FROM milepost_shipment shipment
         WHERE shipment.id = link.shipment_id AND link.partner_id IS NULL AND link.purpose = 'follow'
        """
    )
