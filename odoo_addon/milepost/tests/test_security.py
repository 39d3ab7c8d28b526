"""Who may do what, in the models: a hidden menu protects nothing."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import MilepostCase, fact, itinerary, milestone, stop

FACTS = ("milepost.milestone", "milepost.itinerary", "milepost.pod", "milepost.retraction")
DERIVED = ("milepost.stop", "milepost.pod.line", "milepost.identifier", "milepost.parcel")
GROUPS = ("viewer", "dispatcher", "integration_operator")


@tagged("post_install", "-at_install", "milepost")
class TestSecurity(MilepostCase):
    groups = GROUPS
    facts = FACTS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipment = cls.new_shipment()
        cls.shipment.action_order_transport()
        cls.env["milepost.parcel"].create({"shipment_id": cls.shipment.id, "number": "1Z999AA10123456784"})
        facts = [
            milestone(cls.shipment, "delivered", 5),
            itinerary(cls.shipment, [stop("p", 1, "pickup"), stop("d", 2, "delivery", 5)]),
            fact("proof_of_delivery", cls.shipment, quantities=[{"quantity": "1", "outcome": "accepted"}]),
            fact("retraction", cls.shipment, target={"source_event": "nothing"}),
            *cls.further_facts(cls.shipment),
        ]
        cls.env["milepost.exchange"].with_user(cls.bridge).ingest(cls.batch(*facts))
        cls.env.invalidate_all()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere Ltd"})
        cls.everything = [
            cls.env[model].search([]) for model in (
                *cls.facts, *DERIVED, "milepost.shipment", "milepost.connection", "milepost.outbox",
            )
        ]  # fmt: skip

    @classmethod
    def further_facts(cls, _shipment):
        """Facts of the kinds that another addon brings."""
        return []

    def test_there_is_something_of_every_model_to_protect(self):
        for records in self.everything:
            self.assertTrue(records, records._name)

    def test_facts_are_read_by_all_of_the_groups_and_written_by_nobody(self):
        admin = self.env.ref("base.user_admin")
        for user in (*(self.user_of(group) for group in self.groups), admin):
            for model in (*self.facts, *DERIVED):
                records = self.env[model].with_user(user)
                with self.subTest(model, user=user.login):
                    self.assertTrue(records.search_count([]))
                    with self.assertRaises(AccessError):
                        records.create({})
                    with self.assertRaises(AccessError):
                        records.search([], limit=1).write({"company_id": self.company.id})
                    with self.assertRaises(AccessError):
                        records.search([], limit=1).unlink()

    def test_what_is_derived_of_a_shipment_is_written_by_nobody(self):
        shipment = self.shipment.with_user(self.user_of("dispatcher"))
        for values in (
            {"state": "delivered"},
            {"is_late": False},
            {"punctuality": "on_time"},
            {"eta": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                shipment.write(values)
        with self.assertRaises(AccessError):
            shipment.create({"state": "delivered"})
        shipment.write({"note": "Ring twice"})
        self.assertEqual(shipment.state, "delivered")

    def test_only_dispatchers_write_shipments_and_nobody_deletes_them(self):
        for group in self.groups:
            shipment = self.shipment.with_user(self.user_of(group))
            with self.subTest(group):
                if group == "dispatcher":
                    shipment.write({"note": "x"})
                else:
                    with self.assertRaises(AccessError):
                        shipment.write({"note": "x"})
                with self.assertRaises(AccessError):
                    shipment.unlink()

    def test_only_operators_set_up_connections_and_code_maps(self):
        for group in self.groups:
            connection = self.connection.with_user(self.user_of(group))
            with self.subTest(group):
                if group == "integration_operator":
                    connection.write({"late_grace_minutes": 20})
                    connection.action_resume()
                    continue
                with self.assertRaises(AccessError):
                    connection.write({"late_grace_minutes": 20})
                with self.assertRaises(AccessError):
                    connection.action_resume()
                with self.assertRaises(AccessError):
                    connection.env["milepost.code.map"].create(
                        {"connection_id": connection.id, "raw_code": "X"}
                    )

    def test_a_user_of_another_company_sees_nothing_and_reaches_nothing(self):
        for group in self.groups:
            user = self.user_of(group, company=self.elsewhere)
            for records in self.everything:
                foreign = records.with_user(user)
                with self.subTest(records._name, group=group):
                    self.assertEqual(foreign.search([]), foreign.browse())
                    with self.assertRaises(AccessError):
                        foreign.read(["company_id"])
                    with self.assertRaises(AccessError):
                        foreign.write({"create_uid": user.id})

    def test_a_dispatcher_of_another_company_orders_and_reads_nothing_by_method(self):
        foreign = self.shipment.with_user(self.user_of("dispatcher", company=self.elsewhere))
        for method in ("action_order_transport", "timeline"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(foreign, method)()
        board = foreign.browse().control_tower()
        self.assertEqual(sum(column["count"] for column in board["columns"]), 0)

    def test_who_has_no_group_of_milepost_reads_nothing(self):
        clerk = new_test_user(self.env, login="clerk", groups="base.group_user")
        for records in self.everything:
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.with_user(clerk).read(["display_name"])

    def test_only_the_bridge_calls_the_exchange(self):
        calls = {
            "hello": (),
            "ingest": (self.batch(milestone(self.shipment, "booked")),),
            "claim_outbox": ("acme",),
            "acknowledge_outbox": ([],),
            "report_status": ("acme", "ok"),
            "figures": (),
            "bind": ("test",),
            "rotate_key": ("01234567",),
            "trace": (["0" * 64],),
            "preview": (self.batch(milestone(self.shipment, "booked")),),
            "compare": (self.batch(milestone(self.shipment, "booked")),),
            "code_meanings": (self.batch(milestone(self.shipment, "booked")),),
            "replay_events": ("acme", "2026-01-01T00:00:00Z"),
            "told_orders": ("acme",),
            "tracked_numbers": ("acme",),
            "report_differences": ("acme", [], []),
            "repair_order": ("acme", 1),
        }
        own = type(self.env["milepost.exchange"]).__mro__
        # What every model has is no call of the exchange.
        parts = set(own).difference(type(self.env["base"]).__mro__)
        named = {
            name
            for part in parts
            if part.__module__.startswith("odoo.addons.milepost")
            for name in vars(part)
        }
        self.assertEqual({name for name in named if not name.startswith("_")}, set(calls))
        for user in (*(self.user_of(group) for group in self.groups), self.env.ref("base.user_admin")):
            exchange = self.env["milepost.exchange"].with_user(user)
            for name, arguments in calls.items():
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    getattr(exchange, name)(*arguments)


@tagged("post_install", "-at_install", "milepost")
class TestBridgeUser(MilepostCase):
    """The bridge's user holds the group Bridge alone: no door of Odoo but the exchange."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.only_bridge = new_test_user(cls.env, login="only-bridge", groups="milepost.group_bridge")

    def test_the_group_is_enough_for_the_exchange(self):
        shipment = self.new_shipment()
        self.assertEqual(
            self.env["milepost.exchange"].with_user(self.only_bridge).hello()["connections"], ["acme"]
        )
        [verdict] = self.ingest(milestone(shipment, "picked_up"), user=self.only_bridge)
        self.assertEqual(verdict["status"], "accepted")

    def test_it_reads_and_writes_no_model_of_milepost(self):
        shipment = self.new_shipment()
        for model in (
            "milepost.shipment",
            "milepost.connection",
            *FACTS,
            *DERIVED,
            "milepost.outbox",
        ):
            for right in ("read", "write", "create", "unlink"):
                with self.subTest(model, right=right):
                    self.assertFalse(self.env[model].with_user(self.only_bridge).has_access(right))
        with self.assertRaises(AccessError):
            shipment.with_user(self.only_bridge).action_order_transport()

    def test_it_reads_and_writes_nothing_of_the_business(self):
        rights = ("read", "write", "create", "unlink")
        for model in (
            "account.move",
            "sale.order",
            "stock.picking",
            "res.partner",
            "account.payment",
            "ir.attachment",
        ):
            for right in rights:
                with self.subTest(model, right=right):
                    self.assertFalse(self.env[model].with_user(self.only_bridge).has_access(right))
        for model in ("res.users", "res.groups", "ir.rule", "ir.model.access", "ir.config_parameter"):
            for right in rights[1:]:
                with self.subTest(model, right=right):
                    self.assertFalse(self.env[model].with_user(self.only_bridge).has_access(right))

    def test_it_does_not_raise_its_own_rights(self):
        with self.assertRaises(AccessError):
            self.only_bridge.with_user(self.only_bridge).write(
                {"group_ids": [(4, self.env.ref("base.group_system").id)]}
            )

    def test_it_reaches_no_connection_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        self.env["milepost.connection"].create({
            "name": "Theirs", "code": "theirs", "source": "otm5", "company_id": elsewhere.id,
        })  # fmt: skip
        exchange = self.env["milepost.exchange"].with_user(self.only_bridge)
        self.assertEqual(exchange.hello()["connections"], ["acme"])
        with self.assertRaises(AccessError):
            exchange.claim_outbox("theirs")

    def test_odoo_belongs_to_the_environment_of_the_first_bridge(self):
        exchange = self.env["milepost.exchange"].with_user(self.only_bridge)
        self.env["ir.config_parameter"].set_param("milepost.environment", False)
        self.assertEqual(exchange.bind("production")["environment"], "production")
        self.assertEqual(exchange.bind("staging")["environment"], "production")
        self.assertFalse(exchange.bind("production")["is_neutralized"])
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.assertTrue(exchange.bind("production")["is_neutralized"])
        for wrong in (None, "", "Prod uction", 3):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                exchange.bind(wrong)

    def test_it_gets_a_new_key_and_the_old_one_ends_the_next_day(self):
        keys = self.env["res.users.apikeys"].with_user(self.only_bridge)
        old = keys._generate("rpc", "old", datetime.now() + timedelta(days=60))
        exchange = self.env["milepost.exchange"].with_user(self.only_bridge)
        new = exchange.rotate_key(old[:8], 80)["key"]
        ends = [
            fields.Datetime.to_datetime(exchange.bind("test", key[:8])["key_expires_at"])
            for key in (old, new)
        ]
        days = [round((end - datetime.now()).total_seconds() / 86400) for end in ends]
        self.assertEqual(days, [1, 80])
        self.assertEqual(keys._check_credentials(scope="rpc", key=new), self.only_bridge.id)
        with self.assertRaises(ValidationError):
            exchange.rotate_key(new[:8], 400)

    def test_it_ends_no_key_of_somebody_else(self):
        other = new_test_user(self.env, login="other", groups="base.group_user")
        keys = self.env["res.users.apikeys"].with_user(other)
        theirs = keys._generate("rpc", "theirs", datetime.now() + timedelta(days=30))
        exchange = self.env["milepost.exchange"].with_user(self.only_bridge)
        exchange.rotate_key(theirs[:8], 10)
        self.assertIsNone(exchange.bind("test", theirs[:8])["key_expires_at"])
        self.env.cr.execute(
            "SELECT expiration_date > now() + interval '20 days' FROM res_users_apikeys WHERE user_id = %s",
            [other.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(True,)])

    def test_only_a_bridge_user_may_be_named_for_a_connection(self):
        with self.assertRaises(ValidationError):
            self.connection.user_id = self.user_of("dispatcher")
