from . import stock_picking, stock_picking_batch, stock_picking_type
