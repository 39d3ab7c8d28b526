from . import milepost_billing_policy, mrp_bom, sale_order_line, stock_move, stock_rule
