from . import (
    milepost_accrue,
    milepost_carrier_invoice_match,
    milepost_detach,
    milepost_dispose,
    milepost_evidence_verify,
    milepost_going_live,
    milepost_hand_back,
    milepost_proposal_dismiss,
    milepost_stop_notice,
    milepost_stop_times,
    milepost_supply_proof,
    milepost_supply_proof_line,
)
