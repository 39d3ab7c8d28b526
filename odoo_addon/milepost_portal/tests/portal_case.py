"""What the tests share: a customer with a login, his order and its shipment, and a browser without scripts."""

from odoo.addons.milepost_billing.tests.billing_case import PICKUP, ROLES, BillingWorld
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from ..controllers import door


class World(BillingWorld):
    """Builds before the first test of a class."""

    def assertEqual(self, found, wanted, words=None):
        assert found == wanted, words or (found, wanted)

    def under_way(self, **values):
        """A shipment of the customer that was picked up."""
        shipment = self.shipment(self.order(), **values)
        self.facts(self.milestone(shipment, "picked_up", PICKUP))
        return shipment


class PortalCase(World, HttpCase):
    assertEqual = HttpCase.assertEqual

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        world = World()
        world.make_world(env, env.company)
        world.controller2 = world.make_user("controller2", ROLES["controller"])
        for name, value in vars(world).items():
            setattr(cls, name, value)
        cls.customer.email = "goods@northwind.example"
        cls.reader = cls.portal_user("northwind", cls.customer)
        cls.stranger = cls.portal_user("other", cls.env["res.partner"].create({"name": "Southwind"}))

        cls.build(world)

    @classmethod
    def build(cls, world):
        """Make what all tests of the class begin with."""

    def setUp(self):
        super().setUp()
        # All tests come from one address.
        for throttle in (door.WRONG, door.PAGES, door.WORDS):
            throttle.windows.clear()

    @classmethod
    def portal_user(cls, login, partner):
        contact = cls.env["res.partner"].create({
            "name": f"Buyer of {partner.name}", "parent_id": partner.id, "email": f"{login}@buyer.example",
        })  # fmt: skip
        return new_test_user(cls.env, login, groups="base.group_portal", partner_id=contact.id)

    def page(self, path, status=200):
        """The text of a page, which must answer so."""
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, status, answer.text[:300])
        return answer

    def post(self, path, files=None, **data):
        """A form of a page sent as the browser would, with the token against forgery."""
        return self.url_open(
            path, data={"csrf_token": Request.csrf_token(self), **data}, files=files, allow_redirects=False
        )
