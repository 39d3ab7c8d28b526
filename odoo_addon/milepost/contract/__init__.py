from .checker import CONTRACT, Fault, check_acknowledgement, check_batch, check_fact
from .identifiers import canonical_identifier
