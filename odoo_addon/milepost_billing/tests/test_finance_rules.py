"""The pure rules: their tests know no records, and run here so that they run at all."""

import unittest

from odoo.tests import BaseCase, tagged

from ..billing.tests import (
    test_charges,
    test_corrections,
    test_money_and_time,
    test_pod_and_quantities,
    test_sentences,
)


@tagged("finance", "post_install", "-at_install")
class TestFinanceRules(BaseCase):
    def run_all(self, module):
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        result = unittest.TestResult()
        suite.run(result)
        self.assertTrue(result.testsRun)
        self.assertEqual([text for _test, text in result.errors + result.failures + result.skipped], [])

    def test_charges_detention_and_fuel_give_the_amounts_worked_by_hand(self):
        self.run_all(test_charges)

    def test_corrections_are_a_function_of_their_set(self):
        self.run_all(test_corrections)

    def test_money_and_time_are_split_and_cut_to_the_cent_and_second(self):
        self.run_all(test_money_and_time)

    def test_proofs_and_quantities_bill_what_was_accepted(self):
        self.run_all(test_pod_and_quantities)

    def test_sentences_are_codes_and_values_that_can_be_said_again(self):
        self.run_all(test_sentences)
