from .checker import CONTRACT, check_acknowledgement, check_batch, check_fact, Fault
