"""What the tests share: a company with a connection, its users, and facts in the contract's words."""

import uuid
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from ..contract import CONTRACT, fact_key

# Noon of a working day: hours before and after it stay on that day.
NOON = datetime(2026, 11, 23, 12, 0, 0)


def instant(hours=0, **more):
    """A contract instant so many hours after NOON."""
    return {"at": text_of(NOON + timedelta(hours=hours)), "precision": "second", **more}


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def fact(kind, shipment, said=0, **says):
    """A fact about a shipment: a record, or a list of (type, value).

    :param said: hours after NOON at which the sender said it
    """
    named = shipment if isinstance(shipment, list) else [("shipment", shipment.name)]
    content = {
        "kind": kind,
        "identifiers": [{"type": type_, "value": value} for type_, value in named],
        "applies_to": says.pop("applies_to", "one"),
        "recorded_at": text_of(NOON + timedelta(hours=said)),
        **says,
    }
    return {**content, "key": fact_key(content), "message": "m1"}


def milestone(shipment, code, hours=0, said=None, classifier="actual", **says):
    """A milestone that happened so many hours after NOON, and was told then unless said otherwise."""
    if code:
        says["code"] = code
    raw_code = says.pop("raw_code", code or "X")
    said = hours if said is None else said
    return fact(
        "milestone",
        shipment,
        said,
        classifier=classifier,
        occurred=instant(hours),
        raw_code=raw_code,
        **says,
    )


def itinerary(shipment, stops, said=0, **says):
    return fact("itinerary", shipment, said, stops=stops, **says)


def stop(id_, sequence, kind, due=None, **says):
    """A stop of an itinerary, due so many hours after NOON."""
    window = {} if due is None else {"window_end": instant(due)}
    return {"id": id_, "sequence": sequence, "kind": kind, **window, **says}


class MilepostCase(TransactionCase):
    """One connection `acme` of the main company, and a user for each group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.connection = cls.env["milepost.connection"].create({
            "name": "Acme TMS", "code": "acme", "source": "otm5", "company_id": cls.company.id,
        })  # fmt: skip
        cls.customer = cls.env["res.partner"].create({
            "name": "Harbour Foods", "street": "Quay 1", "city": "Hamburg", "zip": "20457",
            "country_id": cls.env.ref("base.de").id, "tz": "Europe/Berlin",
        })  # fmt: skip
        cls.bridge = cls.user_of("bridge")

    @classmethod
    def user_of(cls, *groups, company=None):
        """A new user of the groups of the addon, in one company alone."""
        company = company or cls.company
        user = new_test_user(
            cls.env,
            login=f"{'-'.join(groups)}-{uuid.uuid4().hex[:6]}",
            groups=",".join(name if "." in name else f"milepost.group_{name}" for name in groups)
            + ",base.group_user",
        )
        user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        return user

    @classmethod
    def new_shipment(cls, **values):
        """A shipment that is to be picked up until NOON and delivered six hours later."""
        return cls.env["milepost.shipment"].create({
            "connection_id": cls.connection.id, "partner_id": cls.customer.id,
            "company_id": cls.company.id, "ready_at": NOON, "due_at": NOON + timedelta(hours=6),
            **values,
        })  # fmt: skip

    @classmethod
    def batch(cls, *facts, connection="acme", received=None, **more):
        """What the bridge sends: received when the last of it had happened, not before NOON."""
        told = [fact for fact in facts if isinstance(fact, dict)]
        happened = [(fact.get("occurred") or fact.get("delivered") or {}).get("at", "") for fact in told]
        received = received or max([text_of(NOON), *(at for at in happened if at[:2] == "20")])
        message = {
            "id": "m1", "sha256": "0" * 64, "received_at": received, "mapping": "otm5@1",
            "channel": "webhook",
        }  # fmt: skip
        return {
            "contract": CONTRACT,
            "connection": connection,
            "messages": [message],
            "facts": list(facts),
            **more,
        }

    def ingest(self, *facts, user=None, **more):
        """Hand a batch over as the bridge does; return its verdicts."""
        exchange = self.env["milepost.exchange"].with_user(user or self.bridge)
        verdicts = exchange.ingest(self.batch(*facts, **more))["verdicts"]
        self.env.invalidate_all()
        return verdicts

    def tell_by_another(self, *facts):
        """The same, by another connection of the company."""
        if not self.env["milepost.connection"].search([("code", "=", "other")]):
            self.connection.copy({"name": "Other TMS", "code": "other"})
        self.tell(*facts, connection="other")

    def end_transaction(self):
        """What a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def tell(self, *facts, **more):
        """Hand facts over that must all be accepted."""
        verdicts = self.ingest(*facts, **more)
        self.assertEqual({verdict["status"] for verdict in verdicts}, {"accepted"}, verdicts)
