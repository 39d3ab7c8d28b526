"""A batch of facts into Odoo's tables, with a verdict for each.

One bad fact never fails the batch, and no savepoint is needed: everything that can be wrong with a
fact is found before anything is written.
"""

import base64
import binascii
import hashlib
from collections import defaultdict

from ..contract import Fault, canonical_identifier, check_fact
from . import code_maps, identifiers, recompute
from .ahead import clock_tolerance, tell_again
from .matching import candidates
from .placement import place
from .tables import by_model, insert, said_at
from .verdicts import bearers, judge, key_of, rejected, shipment_names, unmatched
from .withdrawals import meant, tell_withdrawn


class Context:
    """What all facts of a batch share."""

    def __init__(self, env, connection, messages):
        self.env = env
        self.connection_id = connection.id
        self.company_id = connection.company_id.id
        self.messages = {message["id"]: message for message in messages}
        env.cr.execute("SELECT name, id FROM res_currency")
        self.currencies = dict(env.cr.fetchall())
        self.meanings = {}
        self.kinds = env["milepost.fact"]._models_by_kind()
        self.clock_tolerance = clock_tolerance(env)
        # Facts that the batch tells twice: the later word, as if it came in a batch of its own.
        self.repeated = []

    def meaning(self, kind, raw_code):
        """Return (what the partner's code means here, the code map that says so), each None while unknown."""
        meaning, code_map = self.meanings.get((kind, raw_code), (None, None))
        return (meaning, code_map) if meaning else (None, None)


def ingest(env, connection, batch, is_partner=True):
    """Store the facts of a batch and derive what they touch.

    :param env: superuser environment; the caller was checked
    :param connection: milepost.connection that the batch comes from
    :param is_partner: False for what this Odoo itself has to say: the connection is not heard by it
    :return: list of verdicts in the order of the facts
    """
    env.flush_all()
    context = Context(env, connection, batch["messages"])
    verdicts = {}
    told = checked(batch["facts"], context, verdicts)
    facts = _new(context, told, verdicts)
    retold = tell_again(context, [fact for key, fact in told.items() if key not in facts])
    found = meant(context, facts.values())
    if is_partner:
        facts = _published(context, facts, found, verdicts)
    facts = _lockable(env, facts, found, verdicts)
    context.meanings = code_maps.meanings(context, facts.values())
    touched, fresh = _store(context, facts, found)
    retold |= tell_again(context, context.repeated)
    tell_withdrawn(context, facts.values())
    # Facts that waited are adopted, and a history that is told again counts from an earlier time.
    whole = retold | _declare_plans(context, facts, found)
    touched |= whole
    waiting = [fact for fact in facts.values() if not bearers(fact, found)]
    names = {(i["type"], i["value"]) for fact in waiting for i in fact["identifiers"]}
    identifiers.touch(env.cr, context.company_id, context.connection_id, names)
    if touched:
        recompute.recompute(env, sorted(touched), fresh, whole)
        env["milepost.shipment"].browse(sorted(touched))._facts_stored(list(facts.values()))
    judge(context, facts, found, verdicts)
    if is_partner:
        _hear(env.cr, connection)
    return [verdicts[key_of(fact, index)] for index, fact in enumerate(batch["facts"])]


def preview(env, connection, batch):
    """Say what `ingest` would make of a batch, and change nothing.

    :return: verdicts in the order of the facts
    """
    env.flush_all()
    context = Context(env, connection, batch["messages"])
    verdicts = {}
    facts = _new(context, checked(batch["facts"], context, verdicts), verdicts)
    found = meant(context, facts.values())
    facts = _published(context, facts, found, verdicts)
    unclear = candidates(env.cr, context.company_id, context.connection_id, facts.values(), found)
    name_of = shipment_names(env, found)
    for key, fact in facts.items():
        shipments = [name_of[id_] for id_ in sorted(bearers(fact, found))]
        if shipments:
            verdicts[key] = {"key": key, "status": "accepted", "shipments": shipments}
        else:
            verdicts[key] = unmatched(key, unclear.get(key), name_of)
    return [verdicts[key_of(fact, index)] for index, fact in enumerate(batch["facts"])]


def checked(raw_facts, context, verdicts):
    """Return {key: fact} of those that keep the contract, each once."""
    facts = {}
    for index, fact in enumerate(raw_facts):
        key = key_of(fact, index)
        try:
            check_fact(fact)
            if fact["kind"] not in context.kinds:
                raise Fault("/kind", "is stored by an addon that is not installed: install it and replay")
            if fact["message"] not in context.messages:
                raise Fault("/message", "is not among the batch's messages")
            if "currency" in fact and fact["currency"] not in context.currencies:
                raise Fault("/currency", "is no currency that Odoo knows")
            _check_documents(fact)
        except Fault as fault:
            verdicts[key] = rejected(key, fault)
            continue
        fact = {**fact, "identifiers": _canonical(fact["identifiers"])}
        known = facts.get(key)
        if known is None or said_at(fact) < said_at(known):
            facts[key] = fact
        if known is not None:
            context.repeated.append(known if facts[key] is fact else fact)
    return facts


def _published(context, facts, found, verdicts):
    """Drop the facts that the connection has no authority to publish."""
    shipments_of = {key: sorted(bearers(fact, found)) for key, fact in facts.items()}
    refused = context.env["milepost.fact"]._refused(context.connection_id, facts, shipments_of)
    for key, why in refused.items():
        verdicts[key] = {
            "key": key, "status": "rejected", "code": "authority", "path": "/kind", "reason": why,
        }  # fmt: skip
    return {key: fact for key, fact in facts.items() if key not in refused}


def _canonical(identifiers):
    """Whoever sends them: a bridge of an older version, or a program of its own."""
    return [{**one, "value": canonical_identifier(one["type"], one["value"])} for one in identifiers]


def _check_documents(fact):
    """The paper must be what its hash says: a POD is evidence."""
    for index, document in enumerate(fact.get("documents") or ()):
        path = f"/documents/{index}"
        try:
            content = base64.b64decode(document["content_base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise Fault(f"{path}/content_base64", "is not base64") from error
        if len(content) != document["size"]:
            raise Fault(f"{path}/size", "is not the size of the content")
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise Fault(f"{path}/sha256", "is not the hash of the content")


def _new(context, facts, verdicts):
    """Drop the facts that are stored already."""
    for model, wanted in by_model(context.env, facts.values()).items():
        context.env.cr.execute(
            f"""
            SELECT fact.key, array_remove(array_agg(DISTINCT s.name), NULL)
              FROM {model._table} fact LEFT JOIN milepost_shipment s ON s.id = fact.shipment_id
             WHERE fact.connection_id = %s AND fact.key = ANY (%s)
             GROUP BY fact.key
            """,
            [context.connection_id, [fact["key"] for fact in wanted]],
        )
        for key, shipments in context.env.cr.fetchall():
            verdicts[key] = {"key": key, "status": "duplicate", "shipments": shipments}
    return {key: fact for key, fact in facts.items() if key not in verdicts}


def _lockable(env, facts, found, verdicts):
    """Facts of a shipment that another transaction holds are sent again instead of waited for."""
    wanted = sorted({s for fact in facts.values() for s in bearers(fact, found)})
    locked = env["milepost.shipment"].browse(wanted).try_lock_for_update(allow_referencing=True)
    busy = set(wanted) - set(locked.ids)
    if not busy:
        return facts
    free = {}
    names = shipment_names(env, {None: busy})
    for key, fact in facts.items():
        if held := bearers(fact, found) & busy:
            reason = "another batch is writing the shipment"
            shipments = sorted(names[id_] for id_ in held)
            verdicts[key] = {
                "key": key, "status": "retry", "code": "locked", "reason": reason, "shipments": shipments,
            }  # fmt: skip
        else:
            free[key] = fact
    return free


def _store(context, facts, found):
    """Insert the facts; return (the shipments that got one, ids of the milestones)."""
    touched, fresh = set(), set()
    for model, own in by_model(context.env, facts.values()).items():
        rows = []
        for fact in own:
            row = model._prepare_fact_row(fact, context)
            shipments = bearers(fact, found)
            touched |= shipments
            rows += [{**row, "shipment_id": shipment_id} for shipment_id in sorted(shipments) or [None]]
        if model._fact_kind == "milestone":
            place(context.env.cr, rows)
        inserted = insert(model, rows)
        if model._fact_kind == "milestone":
            fresh |= {id_ for id_, _key, _shipment_id in inserted}
        if model._fact_kind == "proof_of_delivery":
            _store_evidence(context, inserted, facts)
    return touched, fresh


def _store_evidence(context, inserted, facts):
    """The quantities and papers of proofs of delivery. Few and large: the ORM's own way."""
    env = context.env
    pods = env["milepost.pod"]
    lines = [line for _id, key, _s in inserted for line in facts[key].get("quantities") or ()]
    named = {line["unit"] for line in lines if "unit" in line}
    units = env["milepost.code.map"]._units_of(context.connection_id, named)
    for id_, key, _shipment_id in inserted:
        fact = facts[key]
        env["milepost.pod.line"].create(
            [
                {
                    **line,
                    "quantity": float(line["quantity"]),
                    "uom_id": units.get(line.get("unit")),
                    "pod_id": id_,
                }
                for line in fact.get("quantities") or ()
            ]
        )
        attachments = env["ir.attachment"].create(
            [
                {
                    "name": document["name"],
                    "datas": document["content_base64"],
                    "mimetype": document["media_type"],
                    "res_model": "milepost.pod",
                    "res_id": id_,
                    "description": document["sha256"],
                }
                for document in fact.get("documents") or ()
            ]
        )
        if attachments:
            pods.browse(id_).with_context(mail_notrack=True, tracking_disable=True).write(
                {"document_ids": [(6, 0, attachments.ids)]}
            )
    env.flush_all()


def _declare_plans(context, facts, found):
    """A plan names the shipment further; what waited for those names is adopted."""
    names = defaultdict(set)
    for fact in facts.values():
        if fact["kind"] == "itinerary":
            for shipment_id in bearers(fact, found):
                names[shipment_id] |= identifiers.names_of_plan(fact["stops"], fact.get("declares"))
    if not names:
        return set()
    return set(identifiers.declare(context.env, context.company_id, context.connection_id, dict(names)))


def _hear(cr, connection):
    """When the connection was last heard, to the minute: no row that every batch fights for."""
    cr.execute(
        """
        SELECT id FROM milepost_connection
         WHERE id = %s AND (last_heard_at IS NULL OR last_heard_at < now() AT TIME ZONE 'UTC' - interval '1 minute')
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        [connection.id],
    )
    if cr.rowcount:
        cr.execute(
            "UPDATE milepost_connection SET last_heard_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
            [connection.id],
        )
        connection.invalidate_recordset(["last_heard_at"], flush=False)
