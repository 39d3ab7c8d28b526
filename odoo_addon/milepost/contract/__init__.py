from .checker import CONTRACT, Fault, check_acknowledgement, check_batch, check_fact
from .fact_key import fact_key
from .identifiers import canonical_identifier
from .texts import decimal_text, instant_text
