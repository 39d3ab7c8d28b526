"""What partners tell: each deed gives the facts of one step about one of the trucks."""

import hashlib
import random
from datetime import timedelta

from odoo.tools import float_repr

from ..billing_case import DELIVERY, PICKUP, utc
from .stage import Stage

TOMORROW = DELIVERY + timedelta(days=1)


class Partners(Stage):
    # How often what was said comes later than what people do next.
    DELAYED = 0.15

    def facts_of(self, step):
        """The facts of a step; the same in both twins, whatever they are told after."""
        rng = random.Random(step.luck)
        # The newest truck most of the time, so that it gets through.
        truck = self.picked(rng, self.trucks[-1:] * 2 + self.trucks)
        if truck is None:
            return []
        if step.deed == "arrive":
            return self.arrivals()
        facts = getattr(self, f"tell_{step.deed}")(rng, truck, step)
        for number, fact in enumerate(facts):
            if fact in self.told[truck]:
                continue
            name = f"{self.seed}/{step.number}/{number}"
            fact["key"] = hashlib.sha256(name.encode()).hexdigest()
            # Now and then two things are said in one instant.
            minute = 0 if rng.random() < 0.15 else step.number
            fact["recorded_at"] = utc(DELIVERY + timedelta(hours=2, minutes=minute))
            self.told[truck].append(fact)
        if rng.random() < self.DELAYED:
            self.under_way += [fact for fact in facts if fact not in self.under_way]
            self.say("… under way")
            return []
        self.under_way = [fact for fact in self.under_way if fact not in facts]
        return facts

    def arrivals(self):
        """All that was said and is still under way, as it was said."""
        facts, self.under_way = self.under_way, []
        if facts:
            self.say(f"arrives late: {[fact['kind'] for fact in facts]}")
        return facts

    def load(self, truck):
        """[(goods, shipped quantity)] as the partner knows them."""
        found = {}
        for line in truck.line_ids:
            key = line._goods_key()
            found[key] = found.get(key, 0) + line.quantity
        return list(found.items())

    def tell_deliver(self, rng, truck, step):
        self.say(f"{self.name(truck)} delivers")
        return [
            self.milestone(truck, "picked_up", PICKUP),
            self.milestone(truck, "arrived_delivery", DELIVERY - timedelta(minutes=20)),
            self.milestone(truck, "delivered", DELIVERY),
        ]

    def tell_prove_clean(self, rng, truck, step):
        self.say(f"{self.name(truck)}: a clean proof")
        return [self.pod(truck)]

    def tell_prove(self, rng, truck, step):
        """Counted goods; of one of them something is missing, refused, damaged or too much."""
        rows, told = [], []
        load = self.load(truck)
        odd = rng.randrange(len(load)) if load else 0
        for number, (goods, shipped) in enumerate(load):
            rest = shipped
            if number == odd and shipped > 0:
                for outcome in ("short", "refused", "accepted_damaged"):
                    quantity = min(rng.choice((0, 0, 1, 2, 0.5)), rest)
                    if quantity:
                        rest -= quantity
                        rows.append((goods, outcome, quantity))
            rows.append((goods, "accepted", rest))
            if number == odd and rng.random() < 0.15:
                rows.append((goods, "over", 1))
            told.append([(outcome, quantity) for one, outcome, quantity in rows if one == goods])
        proof = self.pod(truck)
        spoken = self.units(truck, step)
        proof["quantities"] = [
            {"goods": goods, "outcome": outcome, **_in_unit(quantity, *spoken[goods])}
            for goods, outcome, quantity in rows
        ]
        if not rows:
            proof.pop("quantities")
        self.say(f"{self.name(truck)}: a proof of {told}")
        return [proof]

    def units(self, truck, step):
        """{goods: (our unit, the one that the partner counts in)}: on every other seed often not ours.

        Now and then one that says nothing of how many pieces they were.
        """
        rng = random.Random(f"units {step.luck}")
        pieces, dozen, kilogram = (
            self.env.ref(f"uom.product_uom_{name}") for name in ("unit", "dozen", "kgm")
        )
        spoken = {}
        for line in truck.line_ids:
            other = rng.choice((None, pieces, dozen, dozen, pieces, kilogram if rng.random() < 0.3 else None))
            spoken[line._goods_key()] = (line.uom_id, other if self.seed % 2 else None)
        if any(other for _own, other in spoken.values()):
            self.say(
                f"{self.name(truck)}: counted in {[other.name for _own, other in spoken.values() if other]}"
            )
        return spoken

    def tell_prove_badly(self, rng, truck, step):
        self.say(f"{self.name(truck)}: a proof that nobody signed")
        return [self.pod(truck, signed=False)]

    def tell_withdraw(self, rng, truck, step):
        """One of the truck's facts is taken back."""
        known = [fact for fact in self.told[truck] if fact["kind"] not in ("retraction", "milestone")]
        proofs = [fact for fact in known if fact["kind"] == "proof_of_delivery"]
        target = self.picked(rng, proofs if rng.random() < 0.6 else known)
        if target is None:
            return []
        self.say(f"{self.name(truck)}: {target['kind']} of {target['recorded_at'][11:16]} is withdrawn")
        return [self.fact("retraction", truck, target={"key": target["key"]})]

    def tell_bill(self, rng, truck, step):
        lines = [("linehaul", rng.choice(("500.00", "500.00", "480.00", "560.00")))]
        lines += (
            [("fuel", rng.choice(("100.00", "101.00", "118.00", "180.00")))] if rng.random() < 0.8 else []
        )
        lines += [("lumper", "40.00")] if rng.random() < 0.2 else []
        currency = self.currency_of(rng).name
        self.say(f"{self.name(truck)}: the carrier's bill {self.number(step)} {lines} {currency}")
        return [self.bill(truck, lines, number=self.number(step), currency=currency)]

    def tell_correct_bill(self, rng, truck, step):
        known = [fact for fact in self.told[truck] if fact["kind"] == "carrier_invoice"]
        first = self.picked(rng, known)
        if first is None:
            return self.tell_bill(rng, truck, step)
        kind = rng.choice(("correction", "rebill", "cancelled", "balance_due"))
        lines = (
            [("linehaul", "20.00")] if kind == "balance_due" else [("linehaul", "490.00"), ("fuel", "99.00")]
        )
        number = first["number"] if rng.random() < 0.3 else self.number(step)
        self.say(f"{self.name(truck)}: {kind} {number} of {first['number']}")
        return [self.bill(
            truck, lines, number=number, correction=kind, corrects=first["number"], currency=first["currency"],
        )]  # fmt: skip

    def tell_credit_bill(self, rng, truck, step):
        amount = rng.choice(("-5.00", "-40.00"))
        self.say(f"{self.name(truck)}: the carrier credits fuel {amount}")
        return [self.bill(truck, [("fuel", amount)], number=self.number(step), document="credit_note")]

    def tell_charge(self, rng, truck, step):
        kind, amount = rng.choice(("liftgate", "detention")), rng.choice(("35.00", "18.00", "0.07", "120.00"))
        currency = self.currency_of(rng).name
        self.say(f"{self.name(truck)}: charge the customer {kind} {amount} {currency}")
        return [self.fact(
            "charge", truck, side="sell", charge_type=kind, amount=amount, currency=currency,
            raw_code=kind.upper(),
        )]  # fmt: skip

    def tell_repeat(self, rng, truck, step):
        again = self.picked(rng, self.told[truck])
        if again is None:
            return []
        self.say(f"{self.name(truck)}: {again['kind']} once more")
        return [again]

    def tell_turn_away(self, rng, truck, step):
        code = rng.choice(("refused", "returned"))
        self.say(f"{self.name(truck)} is {code}")
        return [self.milestone(truck, code, DELIVERY + timedelta(minutes=step.number))]

    def tell_ahead(self, rng, truck, step):
        """What nobody can know yet: a clock or a zone that is wrong."""
        tell = rng.choice(("delivered", "arrived_delivery", "a proof"))
        self.say(f"{self.name(truck)}: {tell} of tomorrow")
        if tell == "a proof":
            return [self.pod(truck, at=TOMORROW)]
        return [self.milestone(truck, tell, TOMORROW)]

    def facts(self, *facts, **more):
        """What is told of tomorrow came today, however often it is told: by a message of its own."""
        ahead = [fact for fact in facts if _at(fact) == utc(TOMORROW)]
        verdicts = []
        if now := [fact for fact in facts if fact not in ahead]:
            verdicts += super().facts(*now, **more)
        if ahead:
            verdicts += super().facts(*ahead, received=None, **more)
        return verdicts

    def tell_call_off(self, rng, truck, step):
        self.say(f"{self.name(truck)} is cancelled")
        return [self.milestone(truck, "cancelled", DELIVERY + timedelta(minutes=step.number))]

    def name(self, truck):
        return f"T{self.trucks.index(truck) + 1}"

    def number(self, step):
        return f"7{self.seed:05d}{step.number:03d}"


def _at(fact):
    return (fact.get("occurred") or fact.get("delivered") or {}).get("at")


def _in_unit(quantity, own, other):
    """A quantity as the partner tells it; of another kind as if it were ours."""
    if not other:
        return {"quantity": _text(quantity)}
    same = own._has_common_reference(other)
    told = own._compute_quantity(quantity, other, round=False) if same else quantity
    return {"quantity": _text(told), "unit": other.name}


def _text(quantity):
    return float_repr(quantity, 6).rstrip("0").rstrip(".")
