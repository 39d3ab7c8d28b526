from . import (
    test_corrections,
    test_finance_pod,
    test_ingest,
    test_milestones,
    test_outbox,
    test_security,
    test_transfers,
)
