from difflib import get_close_matches

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import codes
from ..ingestion.code_maps import NAMES_ONE_UNIT, UNIT_NAMES
from ..selections import milestone_codes
from ..standard_codes import MEANINGS, UNITS


class MilepostCodeMap(models.Model):
    """What a partner's own code means.

    The exchange notes every code that nobody knows, with how often and where it came. A person says
    once what it means; everything that waits for it is then read anew by itself.
    """

    _name = "milepost.code.map"
    _description = "Code Map"
    _check_company_domain = models.check_company_domain_parent_of
    _check_company_auto = True
    _inherit = ["mail.thread", "milepost.code.map.release"]
    _mail_post_access = "read"
    _order = "is_mapped, seen_count desc, connection_id, kind, raw_code, id"
    _rec_name = "raw_code"

    connection_id = fields.Many2one(
        "milepost.connection", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(codes.CODE_KINDS, required=True, default="milestone")
    raw_code = fields.Char(string="Partner's Code", required=True)
    milestone_code = fields.Selection(milestone_codes, string="Milestone", tracking=True)
    reason = fields.Selection(codes.REASONS, tracking=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", ondelete="restrict", tracking=True, check_company=True
    )
    carrier_id = fields.Many2one(
        "delivery.carrier", string="Shipping Method", ondelete="restrict", tracking=True, check_company=True
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", ondelete="restrict", tracking=True)
    is_mapped = fields.Boolean(compute="_compute_is_mapped", store=True)
    meaning = fields.Char(compute="_compute_meaning")
    suggestion = fields.Char(
        compute="_compute_suggestion", help="By the published code lists, or a similar name."
    )
    sample_text = fields.Char(string="Sample", readonly=True, help="What the partner wrote beside it.")
    sample_message = fields.Char(string="Sample Message", readonly=True, help="In the bridge's inbox.")
    seen_count = fields.Integer(string="Seen", readonly=True, help="How often it came while nobody knew it.")
    first_seen_at = fields.Datetime(string="First Seen", readonly=True)
    last_seen_at = fields.Datetime(string="Last Seen", readonly=True)

    _raw_code_unique = models.UniqueIndex(
        "(connection_id, kind, raw_code)", "This code of the connection is mapped already."
    )

    @api.model
    def _targets(self):
        """Return {kind: the field that says what a code of the kind means}; addons add kinds."""
        return {
            "milestone": "milestone_code",
            "reason": "reason",
            "carrier": "partner_id",
            "place": "partner_id",
            "customer": "partner_id",
            "service": "carrier_id",
            "unit": "uom_id",
        }

    @api.model
    def _standard_meanings(self):
        """Return {kind: {published code: what it means}}, for suggestions; addons add kinds."""
        return MEANINGS

    @api.model
    def _meaning_sql(self):
        """SQL of what a row of `map` means: our code, the word `record`, or NULL while it is unmapped."""
        fields_ = sorted(set(self._targets().values()))
        ours = ", ".join(f"map.{name}" for name in fields_ if self._fields[name].type == "selection")
        return f"COALESCE({ours}, CASE WHEN map.is_mapped THEN 'record' END)"

    @api.depends(lambda self: (*self._targets().values(), "kind"))
    def _compute_is_mapped(self):
        for code_map in self:
            code_map.is_mapped = bool(code_map[code_map._targets()[code_map.kind]])

    @api.depends(lambda self: (*self._targets().values(), "kind"))
    def _compute_meaning(self):
        for code_map in self:
            code_map.meaning = code_map._label_of(code_map[code_map._targets()[code_map.kind]])

    @api.depends("kind", "raw_code", "sample_text", "is_mapped")
    def _compute_suggestion(self):
        for code_map in self:
            code_map.suggestion = not code_map.is_mapped and code_map._label_of(code_map._suggested())

    @api.constrains(lambda self: ("kind", *self._targets().values()))
    def _check_target(self):
        for code_map in self:
            target = code_map._targets()[code_map.kind]
            if any(code_map[name] for name in set(self._targets().values()) - {target}):
                raise ValidationError(
                    self.env._(
                        "The code %(code)s means a %(kind)s: leave the other meanings empty.",
                        code=code_map.raw_code,
                        kind=code_map._fields[target].string,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A map for a code that was noted already says what that code means."""
        ids = []
        for vals in vals_list:
            noted = self.search(self._noted_domain(vals), limit=1)
            if noted:
                noted.write({name: vals[name] for name in set(self._targets().values()) & set(vals)})
            else:
                noted = super().create([vals])
                noted.filtered("is_mapped")._release()
            ids.append(noted.id)
        return self.browse(ids)

    def _noted_domain(self, vals):
        return [
            ("connection_id", "=", vals.get("connection_id")),
            ("kind", "=", vals.get("kind", "milestone")),
            ("raw_code", "=", vals.get("raw_code")),
            ("is_mapped", "=", False),
        ]

    def write(self, vals):
        if {"connection_id", "kind", "raw_code"} & set(vals) and any(self.mapped("seen_count")):
            raise UserError(self.env._("What a partner sent is not changed: say what it means."))
        result = super().write(vals)
        if set(self._targets().values()) & set(vals):
            self._release()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_seen(self):
        if any(self.mapped("seen_count")):
            raise UserError(self.env._("Facts carry this code: clear its meaning instead of deleting it."))

    def unlink(self):
        self.filtered("is_mapped").write(dict.fromkeys(set(self._targets().values()), False))
        return super().unlink()

    def action_accept_suggestion(self):
        """Take the suggestion for each code that has one."""
        self.check_access("write")
        for code_map in self.filtered(lambda m: not m.is_mapped):
            suggested = code_map._suggested()
            if suggested:
                value = suggested if isinstance(suggested, str) else suggested.id
                code_map.write({code_map._targets()[code_map.kind]: value})

    def action_view_facts(self):
        """Open the facts that carry the code."""
        self.ensure_one()
        model, domain = self._facts()
        return {
            "type": "ir.actions.act_window",
            "name": self.raw_code,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("connection_id", "=", self.connection_id.id), *domain],
        }

    def _facts(self):
        raw = self.raw_code
        return {
            "milestone": ("milepost.milestone", [("raw_code", "=", raw)]),
            "reason": ("milepost.milestone", [("raw_reason", "=", raw)]),
            "unit": ("milepost.pod", [("line_ids.unit", "=", raw)]),
            "carrier": ("milepost.itinerary", [("carrier_scac", "=", raw)]),
        }.get(self.kind, ("milepost.shipment", []))

    def _label_of(self, value):
        if isinstance(value, str):
            return dict(self._fields[self._targets()[self.kind]]._description_selection(self.env)).get(value)
        return value.display_name if value else False

    def _suggested(self):
        """Return what the code may mean: a canonical code, a record, or nothing."""
        self.ensure_one()
        raw, text = self.raw_code.strip(), self.sample_text or ""
        standards = self._standard_meanings()
        if self.kind in standards:
            standard = standards[self.kind].get(raw.upper())
            return standard or self._nearest(text) or self._nearest(raw)
        if self.kind == "unit":
            return self.env["uom.uom"].search([("name", "=ilike", UNITS.get(raw.upper(), raw))], limit=1)
        if self.kind in ("carrier", "customer", "place") and (text or raw):
            return self._named("res.partner", text or raw)
        if self.kind == "service":
            return self._named("delivery.carrier", text or raw)
        return False

    def _named(self, model, name):
        """The record of that name with which the connection's company may work, or none."""
        records = self.env[model]
        own = records._check_company_domain(self.company_id)
        return records.search([("name", "=ilike", name), *own], limit=1)

    def _nearest(self, text):
        """The canonical code whose own or whose labelled name looks like the text."""
        words = text.lower().replace("_", " ").replace("-", " ").strip()
        names = {}
        for code, label in self._fields[self._targets()[self.kind]]._description_selection(self.env):
            names[label.lower()] = names[code.replace("_", " ")] = code
        close = get_close_matches(words, names, n=1, cutoff=0.7) if words else []
        return names[close[0]] if close else False

    @api.model
    def _code_of(self, connection, kind, record):
        """Return the partner's own code for one of our records, or nothing."""
        if not record:
            return None
        domain = [
            ("connection_id", "=", connection.id),
            ("kind", "=", kind),
            (self._targets()[kind], "=", record.id),
        ]
        return self.sudo().search(domain, limit=1).raw_code or None

    @api.model
    def _units_of(self, connection_id, names):
        """Return {partner's name of a unit: id of ours}, by code map, else by the same name in any language.

        Archived units count where no other bears the name: orders may be in them all the same. A name that
        several bear means none of them.
        """
        if not names:
            return {}
        units = self.env["uom.uom"].sudo()
        units.flush_model(["name", "active"])
        self.env.cr.execute(
            f"""
            SELECT lower(named.value), COALESCE(min(u.id) FILTER (WHERE u.active), min(u.id))
              FROM {UNIT_NAMES}
             WHERE lower(named.value) = ANY(%s)
             GROUP BY lower(named.value)
            HAVING {NAMES_ONE_UNIT}
            """,
            [[name.lower() for name in names]],
        )
        by_name = dict(self.env.cr.fetchall())
        same = {name: by_name[name.lower()] for name in names if name.lower() in by_name}
        domain = [
            ("connection_id", "=", connection_id),
            ("kind", "=", "unit"),
            ("raw_code", "in", list(names)),
        ]
        mapped = self.sudo().search([*domain, ("is_mapped", "=", True)])
        return {**same, **{code_map.raw_code: code_map.uom_id.id for code_map in mapped}}

    @api.model
    def _meanings_of(self, connections, kind):
        """Return {(connection, raw code): code map} of what is mapped."""
        domain = [("connection_id", "in", connections.ids), ("kind", "=", kind), ("is_mapped", "=", True)]
        return {(m.connection_id, m.raw_code): m for m in self.sudo().search(domain)}
