"""Lines keep what their move asked for: trucks that have left take nothing that is ordered later."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE milepost_shipment_line line SET asked_qty = move.product_uom_qty
          FROM stock_move move WHERE move.id = line.move_id
        """
    )
