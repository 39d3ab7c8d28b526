"""What the rules say: codes and values, with one English sentence for each code.

The English text is what a decision was made on and what its evidence keeps; readers see the sentence
in their language (`milepost.words`). Another addon adds its own with `add_sentences`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal


def _lt(text):
    """Mark a text for translation; who shows it translates it."""
    return text


SENTENCES = {
    # Proofs of delivery
    "proof_withdrawn": _lt("the sender withdrew this proof"),
    "proof_without_stop": _lt("it names no delivery stop of this shipment"),
    "proof_without_signer": _lt("the consignee is not named"),
    "proof_without_signature": _lt("there is no signature"),
    "proof_without_quantities": _lt("it states no quantities"),
    "proof_without_document": _lt("no document is attached"),
    "proof_unreadable": _lt("the document cannot be read"),
    "proof_used_elsewhere": _lt("the same document proves another delivery already"),
    "proof_without_time": _lt("the delivery time is missing"),
    "proof_in_the_future": _lt("the delivery time lies in the future"),
    "proof_too_early": _lt("it was signed %(minutes)s minutes before the arrival"),
    "proof_too_far": _lt("it was signed %(miles)s miles away from the stop"),
    "proof_refused": _lt("rejected by a person"),
    "goods_unknown": _lt("it names goods that are not in the shipment: %(goods)s"),
    "unit_unknown": _lt("nobody said what the partner's unit “%(unit)s” means: %(quantity)s of %(goods)s"),
    "unit_of_another_kind": _lt(
        "it counts %(quantity)s “%(unit)s” of %(goods)s, which does not convert into %(own)s"
    ),
    "quantity_negative": _lt("a negative quantity (%(quantity)s) of %(goods)s"),
    "quantities_do_not_add_up": _lt("the quantities of the proof do not add up to the %(shipped)s shipped"),
    # Holds of a customer's invoice
    "charge_pending": _lt("%(charge)s is charged to the customer and not settled yet: %(why)s"),
    "reference_missing": _lt("the customer demands its order number on the invoice"),
    "order_cancelled": _lt("%(order)s was cancelled after its goods were delivered: it is invoiced no more"),
    "proof_gone_after_invoice": _lt("the proof of %(stop)s was withdrawn after the invoice was posted"),
    "billed_without_proof": _lt("billed without proof: %(reason)s"),
    "step_ahead": _lt("a partner told a step that lies after the receipt of its message: it is not believed"),
    "stop_unproven": _lt("%(stop)s has no valid proof of delivery (coverage %(percent)s %%)"),
    "goods_short": _lt("%(quantity)s of %(shipped)s are missing"),
    "goods_over": _lt("%(quantity)s more than the %(shipped)s shipped were counted"),
    "goods_refused": _lt("%(quantity)s of %(shipped)s were refused"),
    "goods_damaged": _lt("%(quantity)s of %(accepted)s accepted are damaged"),
    "not_billed_yet": _lt("the carrier has not billed it yet"),
    "below_zero": _lt("the partner names %(amount)s, below zero"),
    # Holds of a carrier's bill
    "no_scac": _lt("no contact bears the carrier's SCAC “%(scac)s”"),
    "scac_missing": _lt("the bill names no SCAC, by which its carrier's contact is found"),
    "no_shipment": _lt("no shipment bears its PRO, reference or bill of lading"),
    "several_shipments": _lt("it may be for %(shipments)s"),
    "billed_before": _lt("%(number)s of %(day)s billed the same PRO and amount"),
    "billed_this_shipment": _lt("%(number)s of %(day)s billed this shipment already; class “%(kind)s”"),
    "kind_balance_due": _lt("balance due"),
    "kind_same_amount": _lt("same amount"),
    "bill_without_lines": _lt("it has no lines"),
    "bill_line_negative": _lt("a line that is no discount is negative"),
    "bill_lines_do_not_sum": _lt("the lines sum to %(sum)s, the invoice says %(net)s net"),
    "bill_tax_does_not_sum": _lt("net %(net)s and tax %(tax)s make %(sum)s, the invoice says %(total)s"),
    "tax_differs": _lt("tax of %(billed)s billed, %(expected)s expected"),
    "tax_under_reverse_charge": _lt(
        "tax of %(billed)s billed, %(expected)s expected (the carrier is under reverse charge)"
    ),
    "contract_pays_against_proof": _lt("the contract pays against a valid proof"),
    "claim_is_open": _lt("a claim is open and the contract offsets it"),
    "billed_too_late": _lt("billed after the agreed window"),
    "charge_unexpected": _lt("%(charge)s: %(billed)s billed, nothing was expected"),
    "charge_differs": _lt(
        "%(charge)s: %(billed)s billed, %(expected)s expected: %(variance)s, limit %(limit)s"
    ),
    "charge_differs_by": _lt(
        "%(charge)s: %(billed)s billed, %(expected)s expected: %(variance)s (%(percent)s %%), limit %(limit)s"
    ),
    "total_of_document": _lt("document: total"),
    "total_of_shipment": _lt("cumulative: total"),
    # What clears a hold
    "settle_bill_or_release": _lt("settle the carrier bill, get what was not reported, or release the hold"),
    "complete_rates": _lt("complete the rate table"),
    "confirm_or_take_back": _lt("confirm the order again, or take the goods back"),
    "enter_reference": _lt("enter the customer's reference on the sales order"),
    "ask_for_proof_or_credit": _lt("ask for a new proof, or credit the invoice"),
    "get_correct_proof": _lt("get a correct proof of delivery"),
    "map_unit": _lt(
        "say in the code map what the partner's unit means, or get a proof in the unit of the goods"
    ),
    "get_correction": _lt("ask the partner for a correction, or supply a proof"),
    "get_proof": _lt("get the proof of delivery from the carrier"),
    "assign_proof": _lt("assign the proof to a stop"),
    "decide_quantity": _lt("decide what to bill (%(proposals)s proposed)"),
    "ask_for_correct_bill": _lt("ask the carrier for a corrected invoice"),
    "choose_shipment": _lt("choose the shipment"),
    "reject_or_explain": _lt("reject the invoice, or say what it is"),
    "enter_exchange_rate": _lt("enter the rate"),
    "get_missing_time": _lt("get the missing time from the carrier"),
    "settle_claim": _lt("settle the claim"),
    "reject_or_accept_late": _lt("reject it, or accept it late"),
    "dispute_or_correct": _lt("dispute it, or get a corrected invoice"),
    # Rates, and how an amount came about
    "no_exchange_rate_of": _lt("no exchange rate of %(currency)s is known for %(day)s"),
    "no_fuel_prices": _lt("the fuel index “%(index)s” has no prices"),
    "no_fuel_price_yet": _lt("no fuel price is known for %(time)s UTC"),
    "fuel_price_old": _lt("the last fuel price before %(day)s is of %(last)s"),
    "fuel_price_in_no_bracket": _lt("no bracket covers the fuel price %(price)s"),
    "fuel_price_in_several": _lt("several brackets cover the fuel price %(price)s"),
    "no_rate_in_force": _lt("no %(charge)s rate of %(whose)s is in force on %(day)s"),
    "no_rate": _lt("no %(charge)s rate of %(whose)s applies"),
    "the_carrier": _lt("the carrier"),
    "the_customer": _lt("the customer"),
    "no_linehaul": _lt("“%(rate)s” is a percentage of the linehaul, and no linehaul rate applies"),
    "no_distance": _lt("“%(rate)s” counts distance, and the shipment's is not known"),
    "rate_applied": _lt("%(rate)s (from %(since)s): %(method)s"),
    "by_times": _lt("by the times at the stops"),
    "arrival_unreported": _lt("the arrival was never reported"),
    "departure_unreported": _lt("the departure was never reported"),
    "unloading_unreported": _lt("the start of unloading is missing"),
    "came_late": _lt("the truck came late: no detention by contract"),
    "departed_before_arrival": _lt("the departure lies before the arrival"),
    "within_free_time": _lt("%(minutes)s min over the free time"),
    "detention_billed": _lt("%(minutes)s min at %(rate)s an hour"),
    "detention_capped": _lt("%(minutes)s min at %(rate)s an hour, capped at %(cap)s"),
    # One thing said of another
    "said_of": _lt("%(name)s: %(what)s"),
}

#: By these names sentences speak of money; its currency is that of what they are said about.
MONEY = frozenset({
    "amount", "billed", "cap", "expected", "limit", "net", "rate", "sum", "tax", "total", "variance",
})  # fmt: skip


class Said(str):
    """A sentence: its English text, and in `code` and `values` what says it in another language."""

    code: str
    values: dict


class SaidAll(str):
    """Several sentences, by semicolons."""

    parts: tuple


class Change(Decimal):
    """A number that is said with its sign, a plus too."""

    def __str__(self):
        return format(Decimal(self), "+f")


class Term(str):
    """A value that has a label: `kind` names the list it is of (`charge`), the text is its code."""

    kind: str

    def __new__(cls, kind, code):
        term = super().__new__(cls, code)
        term.kind = kind
        return term


def say(code: str, **values) -> Said:
    """The sentence of a code.

    :param values: texts, numbers, Changes, days, Terms, and sentences within the sentence
    """
    said = Said(SENTENCES[code] % {name: _english(value) for name, value in values.items()})
    said.code, said.values = code, values
    return said


def say_all(parts: Iterable[str]) -> str:
    """Sentences in a row; a single one is itself, and none the empty text."""
    parts = tuple(parts)
    if len(parts) == 1:
        return parts[0]
    said = SaidAll("; ".join(parts))
    said.parts = parts
    return said


def charge_term(charge_type: str) -> Term:
    """A charge type, shown by its label."""
    return Term("charge", charge_type)


def proposal_term(kind: str) -> Term:
    """A kind of proposal, shown by its label."""
    return Term("proposal", kind)


def method_term(code: str) -> Term:
    """The way in which a rate counts, shown by its label."""
    return Term("method", code)


def add_sentences(addon: str, sentences: dict[str, str]) -> None:
    """Make another addon's sentences known; their codes begin with its name and a point.

    :param sentences: {code without that: text, marked for translation in the addon itself}
    """
    SENTENCES.update({f"{addon}.{code}": text for code, text in sentences.items()})


def packed(said):
    """What is said as JSON, to be stored and said again; `unpacked` is the way back."""
    if isinstance(said, Said):
        return {"code": said.code, "values": {name: packed(value) for name, value in said.values.items()}}
    if isinstance(said, SaidAll):
        return [packed(one) for one in said.parts]
    if isinstance(said, Term):
        return {"term": said.kind, "of": str(said)}
    if isinstance(said, Decimal):
        return {"change" if isinstance(said, Change) else "number": str(said)}
    if isinstance(said, date):
        return {"day": said.isoformat()}
    if isinstance(said, (list, tuple)):
        return {"list": [packed(one) for one in said]}
    return said if isinstance(said, int) else str(said)


def unpacked(stored):
    """What was said, of what `packed` gave; a text is itself."""
    if isinstance(stored, list):
        return say_all(unpacked(one) for one in stored)
    if not isinstance(stored, dict):
        return stored
    if "code" in stored:
        return say(stored["code"], **{name: unpacked(one) for name, one in stored["values"].items()})
    if "term" in stored:
        return Term(stored["term"], stored["of"])
    if "number" in stored:
        return Decimal(stored["number"])
    if "change" in stored:
        return Change(stored["change"])
    if "list" in stored:
        return [unpacked(one) for one in stored["list"]]
    return date.fromisoformat(stored["day"])


def _english(value):
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
