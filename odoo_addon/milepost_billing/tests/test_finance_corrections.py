import itertools
from unittest.mock import patch

from odoo.tests import tagged

from .billing_case import BillingCase


def at(hour):
    return f"2026-03-06T{hour:02d}:00:00Z"


@tagged("finance", "post_install", "-at_install")
class TestFinanceCorrections(BillingCase):
    """What is owed to a carrier follows from the set of his bills, however they arrive."""

    def setUp(self):
        super().setUp()
        self.expect(None, linehaul=1000)

    def told(self, *bills, shipment=None, book=False):
        """The shipment after some bills came in this order, each decided on when it came.

        :param bills: (number, correction, corrects, hour, amount)
        """
        shipment = shipment or self.shipment()
        own = f"{next(self.numbers)}-"
        for number, correction, corrects, hour, amount in bills:
            more = {"corrects": own + corrects} if corrects else {}
            self.facts(self.bill(
                shipment, [("linehaul", amount)], number=own + number, correction=correction,
                recorded_at=at(hour), **more,
            ), expect=None)  # fmt: skip
            self.validate(shipment)
            if book:
                self.env["milepost.billing.run"]._bill_carriers(self.company)
                self.validate(shipment)
        return shipment

    def owed(self, shipment):
        return sum(shipment.carrier_invoice_ids.mapped("approved_amount"))

    def booked(self, shipment):
        moves = shipment.carrier_invoice_ids.bill_ids
        moves = (moves | moves.reversal_move_ids).filtered(lambda move: move.state == "posted")
        return -sum(moves.mapped("amount_total_signed"))

    def test_a_cancellation_alone_is_owed_nothing_and_held_for_nothing(self):
        shipment = self.told(("C1", "cancelled", None, 9, 1000))
        self.assertEqual((self.owed(shipment), len(shipment.hold_ids)), (0, 0))
        lost = self.bill(
            shipment, [("linehaul", 1000)], number="C2", correction="cancelled",
            identifiers=[{"type": "pro", "value": "C2-LOST"}],
        )  # fmt: skip
        self.facts(lost, expect="unmatched")
        self.env["milepost.billing"]._place_unmatched()
        invoice = self.invoice_of(lost)
        self.assertEqual((invoice.state, len(invoice.hold_ids)), ("superseded", 0))

    def test_what_is_owed_does_not_depend_on_the_order_in_which_bills_arrive(self):
        sets = (
            (0, [("N1", "original", None, 8, 1000), ("N1", "cancelled", None, 9, 1000)]),
            (0, [("N2", "original", None, 8, 1000), ("N2X", "cancelled", "N2", 9, 1000),
                 ("N2Y", "cancelled", "N2", 10, 1000)]),
            (900, [("N3", "original", None, 8, 1000), ("N3R", "rebill", "N3", 9, 900)]),
            (0, [("N4", "original", None, 8, 1000), ("N4R", "rebill", "N4", 9, 900),
                 ("N4C", "cancelled", "N4R", 10, 900)]),
            (800, [("N5", "original", None, 8, 1000), ("N5A", "correction", "N5", 9, 900),
                   ("N5B", "correction", "N5A", 10, 800)]),
            (700, [("N6", "original", None, 8, 1000), ("N6", "cancelled", None, 9, 1000),
                   ("N6", "rebill", None, 10, 700)]),
            (0, [("N7", "cancelled", None, 7, 1000), ("N7", "original", None, 8, 1000)]),
            (1000, [("N8", "original", None, 8, 980), ("N8D", "balance_due", "N8", 9, 20)]),
        )  # fmt: skip
        for owed, bills in sets:
            for order in itertools.permutations(bills):
                with self.subTest(order=[one[:2] for one in order]):
                    shipment = self.told(*order)
                    self.assertEqual(self.owed(shipment), owed)

    def test_what_is_booked_comes_to_what_is_owed_in_any_order(self):
        bills = [
            ("N1", "original", None, 8, 1000), ("N1R", "rebill", "N1", 9, 900),
            ("N1C", "cancelled", "N1R", 10, 900),
        ]  # fmt: skip
        for order in itertools.permutations(bills):
            with self.subTest(order=[one[:2] for one in order]):
                shipment = self.told(*order, book=True)
                self.assertEqual((self.owed(shipment), self.booked(shipment)), (0, 0))

    def test_a_bill_under_its_invoices_number_alone_is_met_by_one_of_invoice_and_shipment(self):
        for kind, owed in (("cancelled", 0), ("rebill", 900)):
            for placed in (True, False):
                number, waybill = f"7{next(self.numbers)}", f"77609{next(self.numbers)}"
                shipment = self.shipment() if placed else self.env["milepost.shipment"]
                names = {} if placed else {"identifiers": [{"type": "tracking", "value": waybill}]}
                bills = [
                    self.bill(shipment, [("linehaul", amount)], number=text, correction=correction,
                              recorded_at=at(hour), **names)
                    for text, correction, hour, amount in (
                        (number, "original", 8, 1000), (f"{number}/{waybill}", kind, 9, 900),
                    )
                ]  # fmt: skip
                for bill in bills:
                    self.facts(bill, expect=None)
                    if placed:
                        self.validate(shipment)
                    else:
                        self.env["milepost.billing"]._place_unmatched()
                old, new = (self.invoice_of(bill) for bill in bills)
                with self.subTest(kind=kind, placed=placed):
                    self.assertEqual(old.state, "superseded")
                    self.assertEqual(old.replaced_by_id, new if kind == "rebill" else new.browse())
                    if placed:
                        self.assertEqual(self.owed(shipment), owed)

    def test_a_rebill_that_is_withdrawn_brings_the_first_bill_back(self):
        shipment = self.told(("N1", "original", None, 8, 1000), ("N1R", "rebill", "N1", 9, 900), book=True)
        self.assertEqual((self.owed(shipment), self.booked(shipment)), (900, 900))
        rebill = shipment.carrier_invoice_ids.filtered(lambda one: one.correction == "rebill")
        self.facts(self.fact("retraction", shipment, target={"key": rebill.key}))
        self.validate(shipment)
        self.env["milepost.billing.run"]._bill_carriers(self.company)
        self.assertEqual((self.owed(shipment), self.booked(shipment)), (1000, 1000))

    def test_the_money_that_a_withdrawal_would_move_is_told_and_stays_where_it_is(self):
        shipment = self.told(("N1", "original", None, 8, 1000), book=True)
        [invoice] = shipment.carrier_invoice_ids
        batch = {
            "contract": "1.0", "connection": self.connection.code,
            "messages": [{
                "id": "m1", "sha256": "0" * 64, "received_at": "2026-03-06T08:00:00Z",
                "mapping": "mapped:acme@2", "channel": "replay",
            }],
            "facts": [
                self.fact("retraction", shipment, target={"key": invoice.key}),
                self.bill(shipment, [("linehaul", 900)], number=invoice.number),
            ],
        }  # fmt: skip
        answer = self.env["milepost.exchange"].with_user(self.users["bridge"]).compare(batch)
        [change] = answer["shipments"]
        bill = f"bill {invoice.number}"
        self.assertIn("1000.00", change["before"]["money"][bill])
        self.assertIn("900.00", change["after"]["money"][bill])
        self.env.invalidate_all()
        self.assertEqual((self.owed(shipment), self.booked(shipment)), (1000, 1000))
        self.assertEqual(len(shipment.carrier_invoice_ids), 1)

    def test_a_bill_without_a_shipment_is_withdrawn_and_told_again(self):
        lost = [{"type": "pro", "value": "NOBODYS-1"}]
        bill = self.bill(self.env["milepost.shipment"], [("linehaul", 500)], identifiers=lost)
        self.facts(bill, expect="unmatched")
        invoice = self.invoice_of(bill)
        self.env["milepost.billing"]._place_unmatched()
        self.assertEqual(invoice.hold_ids.mapped("state"), ["open"])
        withdrawn = self.fact("retraction", None, identifiers=lost, target={"key": bill["key"]})
        self.facts(withdrawn, expect="unmatched")
        self.env["milepost.billing"]._place_unmatched()
        self.assertEqual((invoice.state, invoice.retracted), ("superseded", True))
        self.assertEqual(invoice.hold_ids.filtered("is_open").ids, [])
        self.facts(
            self.fact("retraction", None, identifiers=lost, target={"key": withdrawn["key"]}),
            expect="unmatched",
        )
        self.env["milepost.billing"]._place_unmatched()
        self.assertEqual((invoice.state, invoice.retracted), ("held", False))
        self.assertTrue(invoice.hold_ids.filtered("is_open"))

    def test_a_connection_withdraws_its_own_bills_alone(self):
        lost = [{"type": "pro", "value": "NOBODYS-3"}]
        bill = self.bill(self.env["milepost.shipment"], [("linehaul", 500)], identifiers=lost)
        withdrawn = self.fact("retraction", None, identifiers=lost, target={"key": bill["key"]})
        self.facts(bill, expect="unmatched")
        other = self.connection.copy(
            {"name": "Other", "code": "other", "user_id": self.connection.user_id.id}
        )
        with patch.object(self, "connection", other):
            self.facts(bill, withdrawn, expect="unmatched")
        self.env["milepost.billing"]._place_unmatched()
        self.assertEqual(
            {one.connection_id: one.retracted for one in self.invoice_of(bill)},
            {self.connection: False, other: True},
        )

    def test_a_withdrawal_follows_the_bill_to_the_shipment_that_a_person_names(self):
        lost = [{"type": "pro", "value": "NOBODYS-2"}]
        bill = self.bill(self.env["milepost.shipment"], [("linehaul", 500)], identifiers=lost)
        withdrawn = self.fact("retraction", None, identifiers=lost, target={"key": bill["key"]})
        self.facts(bill, withdrawn, expect="unmatched")
        invoice = self.invoice_of(bill)
        shipment = self.shipment(self.order())
        invoice.with_user(self.users["analyst"]).assign_shipment(shipment.id)
        self.validate(shipment)
        self.assertEqual((invoice.state, invoice.retracted), ("superseded", True))

    def test_duplicates_of_the_carrier_never_hold_the_customers_invoice(self):
        self.policy.limit_ids[0].pass_through = True
        order = self.order()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.told(
            ("N1", "original", None, 8, 1000), ("N1", "original", None, 9, 1000),
            ("N2", "original", None, 10, 1000), shipment=shipment,
        )  # fmt: skip
        self.assertEqual(
            set(self.reasons(shipment, "ap")), {"dup_suspect", "duplicate", "charge_variance"}
        )  # fmt: skip
        self.assertEqual((self.reasons(shipment), shipment.billing_state), ([], "ready"))
