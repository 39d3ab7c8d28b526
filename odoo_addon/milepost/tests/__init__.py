from . import (
    test_assign,
    test_code_map,
    test_contract,
    test_corrections,
    test_ingest,
    test_matching,
    test_milestones,
    test_order_change,
    test_outbox,
    test_security,
    test_transfers,
    test_trips,
)
