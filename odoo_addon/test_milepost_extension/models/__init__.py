from . import (
    delivery_carrier,
    milepost_billable,
    milepost_billing,
    milepost_charge,
    milepost_hold,
    milepost_milestone,
    milepost_pod,
    milepost_shipment,
)
