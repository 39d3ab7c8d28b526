"""Runs in `odoo shell`: two shipments, one with a short and one with a long track, told one event each in turns.

`SETTINGS` stands before it: {"short", "long": positions of each track, "repeats"}. The last line that is
printed is `MEASURED` and, as JSON, {event: {short, long}, open}, lists of milliseconds.
"""

import json
import time
from datetime import UTC, datetime, timedelta

from odoo.addons.milepost.contract import CONTRACT, fact_key

BATCH = 500
NOW = datetime.now(UTC).replace(microsecond=0)
START = NOW - timedelta(days=8)


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def position(shipment, minutes):
    """A position so many minutes after the start, as telematics tell it."""
    at = text_of(START + timedelta(minutes=minutes))
    content = {
        "kind": "milestone", "identifiers": [{"type": "shipment", "value": shipment.name}],
        "applies_to": "one", "recorded_at": at, "code": "in_transit", "classifier": "actual",
        "occurred": {"at": at, "precision": "second"}, "raw_code": "POSITION",
        "place": {"latitude": round(50 + minutes / 1e5, 5), "longitude": 4.5},
    }  # fmt: skip
    return {**content, "key": fact_key(content), "message": "m1"}


def tell(facts):
    message = {
        "id": "m1", "sha256": "0" * 64, "received_at": text_of(NOW), "mapping": "otm5@1",
        "channel": "webhook",
    }  # fmt: skip
    batch = {"contract": CONTRACT, "connection": "track", "messages": [message], "facts": facts}
    verdicts = exchange.ingest(batch)["verdicts"]
    assert {one["status"] for one in verdicts} == {"accepted"}, verdicts[:2]
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


user = env["res.users"].with_context(no_reset_password=True).create({  # noqa: F821
    "name": "Bridge", "login": "track-bridge",
    "group_ids": [(6, 0, [env.ref("milepost.group_bridge").id, env.ref("base.group_user").id])],  # noqa: F821
})  # fmt: skip
connection = env["milepost.connection"].create({  # noqa: F821
    "name": "Track", "code": "track", "source": "otm5", "company_id": env.company.id,  # noqa: F821
    "user_id": user.id,
})  # fmt: skip
exchange = env["milepost.exchange"].with_user(user)  # noqa: F821
# A customer who is told of each step: what is news is asked with each event.
env.company.milepost_notices = True  # noqa: F821
customer = env["res.partner"].create({"name": "Northwind", "email": "goods@northwind.example"})  # noqa: F821
due = {"partner_id": customer.id, "connection_id": connection.id, "due_at": NOW.replace(tzinfo=None)}
tracks = {name: env["milepost.shipment"].create(dict(due)) for name in ("short", "long")}  # noqa: F821
env.cr.commit()  # noqa: F821
for name, shipment in tracks.items():
    points = [position(shipment, minute) for minute in range(SETTINGS[name])]  # noqa: F821
    for at in range(0, len(points), BATCH):
        tell(points[at : at + BATCH])
env.cr.execute("ANALYZE milepost_milestone")  # noqa: F821
env.cr.commit()  # noqa: F821

# What its form reads beside the panel: the steps, and how long the track is.
STEPS = {"fields": {"meaning": {}, "occurred_at": {}, "standing": {}}, "limit": 40}
FORM = {"name": {}, "position_count": {}, "silence_what": {}, "milestone_ids": STEPS}

event, opened = {"short": [], "long": []}, []
for turn in range(SETTINGS["repeats"] + 3):  # noqa: F821
    for name, shipment in tracks.items():
        facts = [position(shipment, SETTINGS["long"] + turn)]  # noqa: F821
        event[name].append(timed(lambda facts=facts: tell(facts)))
    opened.append(timed(lambda: (tracks["long"].timeline(), tracks["long"].web_read(FORM))))
    env.invalidate_all()  # noqa: F821
# The first turns fill caches.
measured = {"event": {name: values[3:] for name, values in event.items()}, "open": opened[3:]}
print("MEASURED " + json.dumps(measured))
