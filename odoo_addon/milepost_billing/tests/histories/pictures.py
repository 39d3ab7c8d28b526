"""How the world stands, to compare it: before and after, one twin with the other."""

from .documents import Documents

BUCKETS = ("billable", "invoiced", "held", "waiting", "absorbed")


class Broken(AssertionError):
    """A law that does not hold. `law` says which, so that a shorter history breaks the same one."""

    def __init__(self, law, text):
        super().__init__(f"{law}: {text}")
        self.law = law


class Pictures(Documents):
    def hold_to(self, condition, law, text):
        if not condition:
            raise Broken(law, text() if callable(text) else text)

    def check_same(self, before, law):
        now = self.everything()
        self.hold_to(now == before, law, lambda: difference(before, now))

    def picture(self, truck):
        """The money of a truck, its holds, documents and carriers' bills, without ids and instants."""
        holds = sorted(
            (one.side, one.reason, one.state, round(one.amount, 2))
            for one in truck.hold_ids
            if one.state not in ("auto_cleared", "expired")
        )
        documents = sorted(
            (move.move_type, move.state, round(move.amount_untaxed, 2)) for move in truck.invoice_ids
        )
        bills = sorted(
            (
                one.number,
                one.correction,
                one.state,
                round(one.approved_amount, 2),
                round(one.to_book_amount, 2),
            )
            for one in truck.carrier_invoice_ids
        )
        return {
            "state": truck.billing_state,
            **{name: round(truck[f"{name}_amount"], 2) for name in BUCKETS},
            "others": truck.other_amounts or None,
            "accrued": round(truck.accrued_amount, 2), "expected": round(truck.expected_cost, 2),
            "approved": round(truck.approved_cost, 2), "coverage": round(truck.pod_coverage, 2),
            "holds": holds, "documents": documents, "bills": bills,
            # Margins are notes of what changed when; they follow from no set.
            "late": sorted(
                (one.kind, one.charge_type, round(one.amount, 2)) for one in truck.late_charge_ids
                if one.kind != "margin"
            ),
        }  # fmt: skip

    def everything(self):
        """All trucks, orders and documents as they stand."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            **{self.name(truck): self.picture(truck) for truck in self.trucks},
            "orders": [
                (order.state, [
                    (line.product_uom_qty, line.qty_delivered, line.qty_invoiced, round(line.qty_to_invoice, 6),
                     line.milepost_managed_qty, line.milepost_released_qty, line.price_unit)
                    for line in order.order_line
                ])
                for order in self.orders
            ],
            "documents": [
                (move.move_type, move.state, round(move.amount_total, 2), [
                    (line.quantity, line.price_unit, bool(line.milepost_billable_id)) for line in move.invoice_line_ids
                ])
                for move in self.documents()
            ],
        }  # fmt: skip


def difference(one, other):
    """Where two pictures differ, in one line for each place."""
    found = []
    for key in sorted({*one, *other}, key=str):
        a, b = one.get(key), other.get(key)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            found += [
                f"{key} {name}: {a.get(name)} → {b.get(name)}" for name in a if a.get(name) != b.get(name)
            ]
        else:
            found.append(f"{key}: {a} → {b}")
    return "\n".join(found)
