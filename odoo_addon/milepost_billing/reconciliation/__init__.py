"""From stored facts to decisions: reads a batch of shipments in bulk and asks the rules of `billing/`.

Nothing here writes. `models/milepost_billing.py` calls it with a batch and stores the answers.
"""
