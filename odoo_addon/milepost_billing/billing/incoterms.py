"""When control of sold goods passes to the buyer, by the Incoterms 2020 rule of the sale.

By each rule's articles A2 and A3 (ICC publication 723E) the seller has delivered, and the risk passes:

- EXW, FCA, CPT, CIP: at the seller's site, or with the first carrier. A proof of pickup proves it.
- DAP, DPU, DDP: at the destination. A proof of delivery proves it.
- FAS, FOB, CFR, CIF: in the port of shipment. No fact of ours proves that the goods are on board, so the
  delivery counts.

Who bears the risk controls the goods (IFRS 15, paragraph 38 d).
"""

PICKUP = frozenset({"EXW", "FCA", "CPT", "CIP"})


def passes_at_pickup(code: str | None) -> bool:
    """Whether a proof of pickup proves that control has passed; by delivery where no rule was agreed."""
    return code in PICKUP
