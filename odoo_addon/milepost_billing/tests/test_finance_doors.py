from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .billing_case import BillingCase

ROLES = ("dispatcher", "analyst", "manager")


@tagged("finance", "post_install", "-at_install")
class TestFinanceDoors(BillingCase):
    """What a remedy asks for is on the screen of those who may do it, and of nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {**cls.users, "viewer": cls.make_user(cls, "doors viewer", ["milepost.group_viewer"])}

    def buttons(self, record, user, view="form"):
        """{words: button} on the screen of the record's model, as the user gets it."""
        arch = (
            self.env[record._name]
            .with_user(self.users[user])
            .get_views([(False, view)])["views"][view]["arch"]
        )
        return {one.get("string"): one for one in etree.fromstring(arch).iter("button")}

    def dialog(self, record, words, user):
        """The form that a button opens for the record."""
        button = self.buttons(record, user)[words]
        action = self.env["ir.actions.act_window"].browse(int(button.get("name")))
        context = safe_eval(button.get("context") or "{}", {"id": record.id})
        opened = {"active_model": record._name, "active_ids": record.ids, **context}
        return Form(self.env[action.res_model].with_user(self.users[user]).with_context(**opened))

    def assert_offered(self, record, words, roles, view="form"):
        """The button is on the screens of these roles, and of no other."""
        readers = [one for one in (*ROLES, "viewer") if record.with_user(self.users[one]).has_access("read")]
        offered = {one for one in readers if words in self.buttons(record, one, view)}
        self.assertEqual(offered, set(roles))

    def proven(self):
        """A delivered shipment with a proof, under a policy where a person validates each."""
        self.policy.pod_auto_validate = False
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        return shipment

    def test_a_proof_that_nobody_validates_waits_on_a_list_and_its_hold_leads_there(self):
        shipment = self.proven()
        pod = shipment.pod_ids
        self.assertEqual((pod.state, self.reasons(shipment)), ("received", ["pod_missing"]))
        menu = self.env.ref("milepost.menu_pod_review")
        for user in ("dispatcher", "analyst"):
            self.assertIn(
                menu, self.env["ir.ui.menu"].with_user(self.users[user])._filter_visible_menus() | menu
            )
        context = safe_eval(self.env.ref("milepost.action_milepost_pod_review").context)
        view = self.env.ref("milepost.view_milepost_pod_search").arch
        [domain] = [
            one.get("domain") for one in etree.fromstring(view.encode()).iter("filter")
            if f"search_default_{one.get('name')}" in context
        ]  # fmt: skip
        self.assertIn(pod, self.env["milepost.pod"].search(safe_eval(domain)))
        action = self.holds(shipment)["pod_missing"].with_user(self.users["dispatcher"]).action_fix()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), pod)

    def test_dispatchers_and_analysts_validate_a_proof_and_it_is_billed(self):
        for user in ("dispatcher", "analyst"):
            shipment = self.proven()
            pod = shipment.pod_ids
            self.assert_offered(pod, "Validate", ROLES)
            self.assert_offered(pod, "Validate", ROLES, "list")
            button = self.buttons(pod, user)["Validate"]
            getattr(pod.with_user(self.users[user]), button.get("name"))()
            self.validate(shipment)
            self.assertEqual((pod.state, shipment.billing_state, pod.reviewed_by_id.login),
                             ("validated", "ready", user))  # fmt: skip
        with self.assertRaises(AccessError):
            pod.with_user(self.users["viewer"]).action_validate()

    def test_a_proof_is_rejected_with_a_reason_that_the_hold_repeats(self):
        shipment = self.proven()
        pod = shipment.pod_ids
        pod.action_validate()
        self.assert_offered(pod, "Reject…", ROLES)
        dialog = self.dialog(pod, "Reject…", "analyst")
        with self.assertRaises(AssertionError):
            dialog.save()
        dialog.reason = "Another consignee's stamp"
        dialog.save().action_reject()
        self.validate(shipment)
        self.assertEqual(pod.state, "rejected")
        self.assertIn("Another consignee's stamp", self.holds(shipment)["pod_invalid"].explanation)

    def test_a_proof_without_a_stop_is_assigned_to_one(self):
        shipment = self.shipment(self.order(), deliveries=2)
        first, second = self.key_of(shipment, 1), self.key_of(shipment, 2)
        self.deliver(shipment, stop=first)
        self.deliver(shipment, stop=second)
        self.facts(self.pod(shipment, stop=first), self.pod(shipment))
        self.validate(shipment)
        [lost] = shipment.pod_ids.filtered(lambda one: not one.stop_ref)
        self.assert_offered(lost, "Assign to a Stop…", ROLES)
        dialog = self.dialog(lost, "Assign to a Stop…", "dispatcher")
        dialog.stop_id = shipment.stop_ids.filtered(lambda one: one.kind == "delivery").sorted("sequence")[-1]
        dialog.save().action_assign()
        self.validate(shipment)
        self.assertEqual((shipment.pod_coverage, lost.state), (100, "validated"))

    def test_a_bill_without_a_shipment_gets_one_from_finance(self):
        self.expect(None, fuel=455.1)
        shipment = self.shipment()
        fact = self.bill(shipment, [("fuel", "455.10")], identifiers=[{"type": "pro", "value": "777000777"}])
        self.facts(fact, expect="unmatched")
        self.env["milepost.billing"]._place_unmatched()
        bill = self.invoice_of(fact)
        self.assertEqual(bill.hold_ids.reason, "no_match")
        self.assert_offered(bill, "Choose the Shipment…", ("analyst", "manager"))
        dialog = self.dialog(bill, "Choose the Shipment…", "analyst")
        dialog.shipment_id = shipment
        dialog.save().action_match()
        self.assertEqual((bill.shipment_id, bill.matched_how, bill.state), (shipment, "person", "payable"))
        with self.assertRaises(AccessError):
            bill.with_user(self.users["dispatcher"]).assign_shipment(shipment.id)

    def test_times_and_notices_of_a_stop_are_entered_on_its_screen(self):
        shipment = self.shipment()
        stop = shipment.stop_ids.filtered(lambda one: one.kind == "delivery")
        self.assert_offered(stop, "Enter Times…", ROLES)
        dialog = self.dialog(stop, "Enter Times…", "dispatcher")
        dialog.unload_started_at, dialog.excluded_minutes = "2026-03-04 11:00:00", 20
        dialog.save().action_enter()
        self.assertEqual((stop.excluded_minutes, stop.times_by_id.login), (20, "dispatcher"))
        self.assertEqual(self.dialog(stop, "Enter Times…", "analyst").excluded_minutes, 20)
        notice = self.dialog(stop, "Record a Notice…", "analyst")
        notice.partner_id, notice.channel, notice.note = self.customer, "phone", "Ms Weber"
        notice.save().action_note()
        self.assertEqual((stop.notice_ids.channel, stop.notice_ids.told_by_id.login), ("phone", "analyst"))

    def test_a_proposal_is_made_a_claim_or_dismissed_with_a_reason(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 96), ("short", 4)]))
        self.validate(shipment)
        claim = shipment.proposal_ids.filtered(lambda one: one.kind == "claim")
        other = shipment.proposal_ids - claim
        for words in ("Make Claim", "Dismiss…"):
            self.assert_offered(claim, words, ROLES, "list")
        action = claim.with_user(self.users["dispatcher"]).action_make_claim()
        self.assertEqual(self.env["milepost.claim"].browse(action["res_id"]).proposal_id, claim)
        dismiss = self.env["milepost.proposal.dismiss"].with_user(self.users["analyst"])
        dialog = Form(dismiss.with_context(default_proposal_id=other.id))
        dialog.note = "Counted again: nothing is missing"
        dialog.save().action_dismiss()
        self.assertEqual((other.state, other.note), ("dismissed", "Counted again: nothing is missing"))

    def test_goods_are_detached_with_a_reason_by_who_may(self):
        order = self.order()
        shipment = self.shipment(order)
        self.assert_offered(shipment, "Detach…", ("dispatcher", "manager"))
        for user, refused in (("dispatcher", True), ("manager", False)):
            dialog = self.dialog(shipment, "Detach…", user)
            dialog.reason = "Fetched by the customer"
            dialog.picking_ids.add(shipment.picking_ids)
            wizard = dialog.save()
            if refused:
                with self.assertRaises(AccessError):
                    wizard.action_detach()
            else:
                wizard.action_detach()
        self.assertFalse(shipment.picking_ids)
        nothing = self.dialog(shipment, "Detach…", "manager")
        nothing.reason = "Nothing"
        with self.assertRaises(UserError):
            nothing.save().action_detach()

    def test_an_evidence_pack_is_checked_where_it_was_made(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        analyst = self.users["analyst"]
        pack = self.env["milepost.evidence"].with_user(analyst).pack("milepost.shipment", shipment.id)
        checks = self.env["milepost.evidence.verify"].with_user(analyst)
        check = checks.create({"content": pack["content_base64"]})
        check.action_verify()
        self.assertEqual((check.state, check.faults, check.differences), ("whole", "", ""))
        with self.assertRaises(UserError):
            checks.create({}).action_verify()
        with self.assertRaises(AccessError):
            checks.with_user(self.users["dispatcher"]).create({"content": pack["content_base64"]})
