"""What is known of a shipment, as a pure function of the set of its facts.

No Odoo, no clock, no order: any permutation of the same facts gives the same result.
"""

from .derive import DECISIVE, derive
from .facts import Evidence, Itinerary, Milestone, Retraction, Stop
from .stops import StopFinder
from .survivors import surviving
