from odoo import api, models, release
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import get_manifest

from ..arguments import count_of
from ..contract import CONTRACT, Fault, check_acknowledgement, check_batch
from ..ingestion.code_preview import preview_codes
from ..ingestion.compare import compare
from ..ingestion.ingest import ingest, preview


class MilepostExchange(models.AbstractModel):
    """What the bridge may do in Odoo: these methods and nothing else.

    Each checks that the caller is a bridge user of the connection and only then works as
    superuser. Shapes: contract/exchange.schema.json.
    """

    _name = "milepost.exchange"
    _description = "Exchange with the Bridge"

    @api.model
    def hello(self):
        """Say who answers, so that a bridge finds out about a wrong Odoo before it writes."""
        self._check_bridge()
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            "contract": CONTRACT,
            "addon": get_manifest("milepost")["version"],
            "odoo": release.version,
            "database_uuid": parameters.get_param("database.uuid"),
            "connections": self._connections().mapped("code"),
        }

    @api.model
    def ingest(self, batch):
        """Store a batch of facts and answer a verdict for each, in their order."""
        connection = self._check_batch(batch)
        return {"verdicts": ingest(self.sudo().env, connection, batch)}

    @api.model
    def preview(self, batch):
        """Answer the verdicts that `ingest` would give, and store nothing: for trying a mapping."""
        connection = self._check_batch(batch)
        return {"verdicts": preview(self.sudo().env, connection, batch)}

    @api.model
    def code_meanings(self, batch):
        """Answer what the partner's codes in a batch mean here, and note nothing: for trying a mapping."""
        connection = self._check_batch(batch)
        return {"codes": preview_codes(self.sudo().env, connection, batch)}

    @api.model
    def compare(self, batch):
        """Answer what a batch would change of states and money, and store nothing: before a mapping is enabled."""
        connection = self._check_batch(batch)
        return compare(self.sudo().env, connection, batch)

    def _check_batch(self, batch):
        """The connection of a batch that the caller may send and that this addon understands."""
        self._check_bridge()
        try:
            check_batch(batch)
        except Fault as fault:
            raise ValidationError(
                self.env._(
                    "The batch breaks the contract: %(path)s %(reason)s", path=fault.path, reason=fault.reason
                )
            ) from fault
        if batch["contract"].split(".")[0] != CONTRACT.split(".")[0]:
            raise UserError(
                self.env._(
                    "The bridge speaks contract %(theirs)s, this addon %(ours)s: upgrade the older one.",
                    theirs=batch["contract"],
                    ours=CONTRACT,
                )
            )
        return self._connection(batch["connection"])

    @api.model
    def claim_outbox(self, connection, limit=20, lease_seconds=60):
        """Hand out orders that wait, each to one bridge for the time of the lease."""
        self._check_bridge()
        outbox = self.env["milepost.outbox"].sudo()
        limit, lease = count_of(self.env, limit, 20), count_of(self.env, lease_seconds, 60)
        return {"items": outbox._claim(self._connection(connection), limit, lease)}

    @api.model
    def acknowledge_outbox(self, acknowledgements):
        """Take what the TMS said of the orders that were handed out."""
        self._check_bridge()
        if not isinstance(acknowledgements, list):
            raise ValidationError(self.env._("Acknowledgements come as a list."))
        results = []
        for acknowledgement in acknowledgements:
            try:
                check_acknowledgement(acknowledgement)
            except Fault as fault:
                raise ValidationError(
                    self.env._(
                        "The acknowledgement breaks the contract: %(path)s %(reason)s",
                        path=fault.path,
                        reason=fault.reason,
                    )
                ) from fault
            item = self.env["milepost.outbox"].sudo().browse(acknowledgement["id"]).exists()
            if not item or item.connection_id not in self._connections():
                results.append({"id": acknowledgement["id"], "status": "unknown"})
                continue
            results.append({"id": item.id, "status": item._acknowledge(acknowledgement)})
        return {"results": results}

    @api.model
    def report_status(self, connection, state, reason=None):
        """Show people that the bridge pauses a connection, and why; or that it goes on."""
        self._check_bridge()
        if state not in ("ok", "paused"):
            raise ValidationError(self.env._("A connection is ok or paused, not %(state)s.", state=state))
        record = self._connection(connection)
        if state == "ok":
            record.write({"paused_at": False, "paused_reason": False})
        elif not record.paused_at or record.paused_reason != reason:
            record.write({"paused_at": self.env.cr.now(), "paused_reason": reason})
        return {}

    def _check_bridge(self):
        if not self.env.user.has_group("milepost.group_bridge"):
            raise AccessError(self.env._("Only the bridge's user may call the exchange."))

    def _connections(self):
        """The connections of the caller: of its companies, and not given to another bridge."""
        connections = (
            self.env["milepost.connection"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.env.user.company_ids.ids),
                    ("user_id", "in", (False, self.env.uid)),
                ]
            )
        )
        return connections

    def _connection(self, code):
        connections = self._connections().filtered(lambda c: c.code == code)
        if not connections:
            raise AccessError(self.env._("There is no connection %(code)s for this bridge user.", code=code))
        # Codes are unique within a company. A connection that was given to this very user comes first.
        given = connections.filtered("user_id")
        connection = given if len(given) == 1 else connections
        if len(connection) > 1:
            companies = connection.company_id.sorted("id").mapped("name")
            raise AccessError(
                self.env._(
                    "The companies %(companies)s each have a connection %(code)s, and %(user)s is the bridge of "
                    "all of them: name the bridge user on one of these connections, or give each company a "
                    "bridge user of its own.",
                    companies=", ".join(companies),
                    code=code,
                    user=self.env.user.name,
                )
            )
        return connection
