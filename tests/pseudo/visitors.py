"""Runs in `odoo shell`: a customer who logs in, and links for people who do not.

`LANGUAGE`, set before this text. Prints `PATHS <json>`: {purpose: path}, and `portal` with the login.
"""

import json

from odoo import Command

Link = env["milepost.link"]  # noqa: F821
shipment = env["milepost.shipment"].search([("state", "=", "in_transit")], limit=1)  # noqa: F821
customer = shipment.partner_id
customer.email = "customer@example.org"
shipment.carrier_partner_id = env["res.partner"].create(  # noqa: F821
    {"name": "Carrier of the Shipment", "email": "carrier@example.org", "lang": LANGUAGE}  # noqa: F821
)
user = env["res.users"].with_context(no_reset_password=True).create({  # noqa: F821
    "name": "Visitor", "login": "visitor", "password": "visitor", "lang": LANGUAGE,  # noqa: F821
    "group_ids": [Command.set([env.ref("base.group_portal").id])],  # noqa: F821
})  # fmt: skip
user.partner_id.parent_id = customer
stop = shipment.stop_ids.filtered(lambda one: one.kind == "delivery")[:1]
links = {
    "follow": Link._to_follow(shipment),
    "sign": Link._to_sign(stop, customer, customer.email),
    "carrier": Link._to_carrier(shipment),
    "notices": Link._for_notices(shipment, customer),
}
paths = {purpose: link._url().removeprefix(link.get_base_url()) for purpose, link in links.items()}
paths["shipment"] = f"/my/shipments/{shipment.id}"
env.cr.commit()  # noqa: F821
print("PATHS " + json.dumps(paths))
