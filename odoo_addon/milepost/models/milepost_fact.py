from odoo import api, fields, models

from ..ingestion.tables import said_at, utc

#: The mapping of what a person told, and how the id of its message begins; the person's own id follows.
BY_HAND, TOLD_BY = "manual@1", "person-"


class MilepostFact(models.AbstractModel):
    """What a partner said, once. Written by the exchange, never changed by people.

    A model of facts says which kind of the contract it stores (`_fact_kind`), which of its columns
    are written when a fact comes in (`fact=True` on the field) and with what (`_prepare_fact_row`).
    An addon that adds such a field extends that method; matching, adoption and copying follow.
    """

    _name = "milepost.fact"
    _description = "Fact"
    _check_company_auto = True
    # A branch's shipment hears by the connection of its company.
    _check_company_domain = models.check_company_domain_parent_of

    # The kind of the contract; a model without one stores nothing.
    _fact_kind = None
    # SQL of the moment that a stored fact is about: reused numbers are told apart by it.
    _fact_moment = "NULL::timestamp"
    # The stop that it means, and whether it still counts, follow from the shipment's other facts.
    _fact_has_standing = False
    # It is said of the shipment as long as that bears a name of it.
    _fact_follows_names = True
    # It says something new of the shipment: the shipment was heard of.
    _fact_is_heard = True

    key = fields.Char(required=True, readonly=True, help="SHA-256 of what the fact says.", fact=True)
    connection_id = fields.Many2one(
        "milepost.connection",
        required=True,
        readonly=True,
        ondelete="restrict",
        fact=True,
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, fact=True)
    shipment_id = fields.Many2one(
        "milepost.shipment",
        readonly=True,
        ondelete="cascade",
        help="Empty while no shipment, or more than one, has the fact's identifiers.",
        fact=True,
        check_company=True,
    )
    identifiers = fields.Json(readonly=True, fact=True)
    applies_to = fields.Selection(
        [("one", "One Shipment"), ("every", "Every Shipment Named")], readonly=True, fact=True
    )
    source_event = fields.Char(readonly=True, fact=True)
    said_at = fields.Datetime(
        string="Reported At",
        readonly=True,
        help="When the sender said it. Of two facts for one thing the later counts.",
        fact=True,
    )
    received_at = fields.Datetime(readonly=True, help="When the bridge received the message.", fact=True)
    message_uid = fields.Char(string="Message", readonly=True, help="In the bridge's inbox.", fact=True)
    trace_id = fields.Char(
        string="Trace", readonly=True, index="btree_not_null", fact=True,
        help="The partner's own trace of the message (W3C Trace Context), where it sends one.",
    )  # fmt: skip
    message_path = fields.Char(readonly=True, help="Where in the message it was read.", fact=True)
    mapping = fields.Char(readonly=True, help="Source and version of the mapping that read it.", fact=True)
    superseded = fields.Boolean(readonly=True, help="Replaced by a newer fact about the same event.")
    retracted = fields.Boolean(string="Withdrawn", readonly=True, help="The sender withdrew it.")
    named_by = fields.Char(compute="_compute_named_by", help="The identifiers that it carries.")
    standing = fields.Selection(
        [
            ("counts", "Valid"),
            ("unmapped", "Unmapped"),
            ("unmatched", "Unmatched"),
            ("ahead", "Ahead of Its Receipt"),
            ("superseded", "Superseded"),
            ("retracted", "Withdrawn"),
        ],
        compute="_compute_standing",
        help="Whether the fact has a say in what is known of the shipment.",
    )

    def _valid_field_parameter(self, field, name):
        return name == "fact" or super()._valid_field_parameter(field, name)

    @api.model
    def _models_by_kind(self):
        """Return {kind of the contract: model that stores it}, of the addons that are installed."""
        names = self.env.registry.descendants(["milepost.fact"], "_inherit")
        return {model._fact_kind: model for name in sorted(names) if (model := self.env[name])._fact_kind}

    @api.model
    def _refused(self, _connection_id, _facts, _shipments_of):
        """Hook: {key: why} of facts of a batch that their connection may not publish.

        :param facts: {key: fact of the contract}, of all kinds
        :param shipments_of: {key: ids of the shipments that it is for}
        """
        return {}

    @api.model
    def _fact_columns(self):
        """The columns that are written when a fact comes in, in their order."""
        return [name for name, field in self._fields.items() if getattr(field, "fact", False)]

    @api.model
    def _prepare_fact_row(self, fact, context):
        """The row of a fact of the contract, without its shipment.

        :param context: ingestion.ingest.Context, what all facts of the batch share
        :return: {column: JSON value}, instants as text in UTC without zone
        """
        message = context.messages[fact["message"]]
        return {
            "key": fact["key"],
            "connection_id": context.connection_id,
            "company_id": context.company_id,
            "identifiers": fact["identifiers"],
            "applies_to": fact["applies_to"],
            "source_event": fact.get("source_event"),
            "said_at": self._said_at(fact, context),
            "received_at": utc(message["received_at"]),
            "message_uid": message["id"],
            "trace_id": message.get("trace_id"),
            "message_path": fact.get("message_path"),
            "mapping": message["mapping"],
        }

    @api.model
    def _lies_ahead(self, _fact, _context):
        """Whether a fact says to have happened after the receipt of the message that brings it."""
        return False

    @api.model
    def _said_at(self, fact, context):
        """When a fact was said; one that lies ahead of its receipt not later than that.

        A clock that runs ahead sets the time of its messages, too: who puts it right, or tells by hand
        what happened, would have the earlier word for as long as it was wrong.
        """
        said = said_at(fact)
        if not self._lies_ahead(fact, context):
            return said
        return min(said, utc(context.messages[fact["message"]]["received_at"]))

    @api.model
    def _prepare_waiting(self):
        """What becomes of facts that mean no shipment any more: values, as of those that never meant one."""
        stop = {"stop_id": False} if "stop_id" in self._fields else {}
        return {"shipment_id": False, "superseded": False, "retracted": False, **stop}

    def _wait(self):
        """They mean no shipment any more."""
        self.with_context(tracking_disable=True, mail_notrack=True).write(self._prepare_waiting())

    @api.model
    def _copy_parts(self, origins):
        """Hook: facts were copied for another shipment; copy what is kept of them in records of their own.

        :param origins: {id of a copy: id of the fact that it was copied from}
        """

    def _leave_to_others(self):
        """They mean this shipment no more, and others that have each of them still: these copies go."""
        self.unlink()

    def _told_by(self):
        """Ids of the users who told them by hand, as their messages name them."""
        by_hand = self.filtered(lambda one: one.mapping == BY_HAND)
        names = {(one.message_uid or "").removeprefix(TOLD_BY).partition("-")[0] for one in by_hand}
        return {int(name) for name in names if name.isdecimal()}

    def _tellers(self):
        """The users who told them by hand."""
        return self.env["res.users"].browse(self._told_by()).exists()

    @api.model
    def _codes_in(self, fact):
        """Yield (kind of code map, raw code, sample text) of what a fact says in the partner's own code."""
        yield from ()

    @api.depends("identifiers")
    def _compute_named_by(self):
        labels = dict(self.env["milepost.identifier"]._fields["type"]._description_selection(self.env))
        for fact in self:
            named = fact.identifiers or ()
            readable = [i for i in named if i["type"] != "entity"] or named
            fact.named_by = " · ".join(f"{labels.get(i['type'], i['type'])} {i['value']}" for i in readable)

    def action_assign(self):
        """Let a person say which shipment the fact belongs to."""
        self.ensure_one()
        return self.env["milepost.assign"]._open(self)

    @api.depends("shipment_id", "superseded", "retracted")
    def _compute_standing(self):
        for fact in self:
            if fact.retracted:
                fact.standing = "retracted"
            elif fact.superseded:
                fact.standing = "superseded"
            else:
                fact.standing = "counts" if fact.shipment_id else "unmatched"
