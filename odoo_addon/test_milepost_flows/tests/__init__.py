from . import (
    test_flows_batch,
    test_flows_changes,
    test_flows_deliveries,
    test_flows_kits,
    test_flows_month_end,
    test_flows_pos,
    test_flows_pos_sale,
    test_flows_purchase,
    test_flows_routing,
    test_flows_sales,
    test_flows_transfers,
    test_histories_kits,
)
