"""The selections of the canonical model (bridge/canonical/codes.ts), with their labels.

A test holds them against the contract.
"""

MILESTONE_CODES = [
    ("booked", "Booked"),
    ("tendered", "Tendered"),
    ("tender_accepted", "Tender Accepted"),
    ("tender_declined", "Tender Declined"),
    ("assigned", "Assigned"),
    ("appointment_set", "Appointment Set"),
    ("arrived_pickup", "Arrived at Pickup"),
    ("loaded", "Loaded"),
    ("picked_up", "Picked Up"),
    ("in_transit", "In Transit"),
    ("arrived_terminal", "Arrived at Terminal"),
    ("departed_terminal", "Departed Terminal"),
    ("eta_updated", "ETA Updated"),
    ("delayed", "Delayed"),
    ("customs_hold", "Customs Hold"),
    ("customs_released", "Customs Released"),
    ("available", "Available"),
    ("last_free_day", "Last Free Day"),
    ("out_for_delivery", "Out for Delivery"),
    ("delivery_attempted", "Delivery Attempted"),
    ("arrived_delivery", "Arrived at Delivery"),
    ("delivered", "Delivered"),
    ("partially_delivered", "Partially Delivered"),
    ("refused", "Refused"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]

CONDITIONS = [
    ("damaged", "Damaged"),
    ("lost", "Lost"),
    ("pod_available", "POD Available"),
    ("departed_delivery", "Departed Delivery"),
]

CLASSIFIERS = [("planned", "Planned"), ("estimated", "Estimated"), ("actual", "Actual")]

REASONS = [
    ("weather", "Weather"),
    ("mechanical", "Mechanical"),
    ("accident", "Accident"),
    ("carrier_operations", "Carrier Operations"),
    ("shipper_not_ready", "Shipper Not Ready"),
    ("consignee_unavailable", "Consignee Unavailable"),
    ("appointment_constraint", "Appointment"),
    ("address", "Address"),
    ("refused", "Refused"),
    ("damage", "Damage"),
    ("shortage_overage", "Shortage or Overage"),
    ("customs_border", "Customs or Border"),
    ("documents_payment", "Documents or Payment"),
    ("labor_civil", "Labor or Civil"),
    ("other", "Other"),
]

# What can be wrong with a shipment (derivation/exceptions.py).
EXCEPTIONS = [
    ("delayed", "Delayed"),
    ("delivery_attempted", "Delivery Attempted"),
    ("customs_hold", "Customs Hold"),
    ("refused", "Refused"),
    ("partially_delivered", "Partially Delivered"),
    ("returned", "Returned"),
    ("damaged", "Damaged"),
    ("lost", "Lost"),
]

STOP_KINDS = [
    ("pickup", "Pickup"),
    ("delivery", "Delivery"),
    ("terminal", "Terminal"),
    ("customs", "Customs"),
]

PRECISIONS = [("second", "Second"), ("minute", "Minute"), ("date", "Date")]

QUANTITY_OUTCOMES = [
    ("accepted", "Accepted"),
    ("accepted_damaged", "Accepted Damaged"),
    ("short", "Short"),
    ("refused", "Refused"),
    ("over", "Over"),
]

SHIPMENT_STATES = [
    ("waiting", "Waiting"),
    ("booked", "Booked"),
    ("at_pickup", "At Pickup"),
    ("in_transit", "In Transit"),
    ("at_delivery", "At Delivery"),
    ("delivered", "Delivered"),
    ("partially_delivered", "Partially Delivered"),
    ("refused", "Refused"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
    ("declined", "Declined"),
]

# States in which nothing more is expected to move.
CLOSED_STATES = ("delivered", "partially_delivered", "refused", "returned", "cancelled", "declined")

# What is that much after its time counts as on time, where no connection says otherwise.
LATE_GRACE_MINUTES = 15

# A shipment that moves nothing: another one may carry its goods.
DEAD_STATES = ("cancelled", "declined")
# Afterwards the papers travel with the goods: what is changed then is for the next shipment.
CHANGEABLE_STATES = ("waiting", "booked", "at_pickup")

# What partners have codes of their own for.
CODE_KINDS = [
    ("milestone", "Milestone"),
    ("reason", "Reason"),
    ("carrier", "Carrier (SCAC)"),
    ("service", "Service"),
    ("customer", "Customer"),
    ("place", "Place"),
    ("unit", "Unit"),
]

# The order in which a shipment is looked for (bridge/canonical/identifiers.ts).
IDENTIFIER_TYPES = [
    ("entity", "Partner's Own Id"),
    ("shipment", "Shipment Number"),
    ("shipment_id", "Partner's Shipment Number"),
    ("pro", "PRO Number"),
    ("bol", "Bill of Lading"),
    ("mbol", "Master Bill of Lading"),
    ("booking", "Booking"),
    ("container", "Container"),
    ("tracking", "Tracking Number"),
    ("sscc", "SSCC"),
    ("mawb", "Master Air Waybill"),
    ("hawb", "House Air Waybill"),
    ("delivery_order", "Delivery Order"),
    ("customer_ref", "Customer Reference"),
    ("po", "Purchase Order"),
    ("seal", "Seal"),
    ("scac", "SCAC"),
]
