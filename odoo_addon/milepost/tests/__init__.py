from . import (
    test_corrections,
    test_finance_accrual,
    test_finance_claim,
    test_finance_lag,
    test_finance_pod,
    test_ingest,
    test_milestones,
    test_outbox,
    test_security,
    test_transfers,
)
