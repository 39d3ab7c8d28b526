from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: Of what shape a bundle is; another number is refused.
FORMAT = 1
#: Kinds of fields whose values mean the same in another database.
PLAIN = frozenset(
    {"char", "text", "integer", "float", "monetary", "boolean", "selection", "date", "datetime"}
)
LINKS = frozenset({"many2one", "many2many"})


class Part(NamedTuple):
    """A model whose records travel, and by what a record is the same one elsewhere."""

    model: str
    key: tuple
    #: The fields that travel; without any all that people set.
    said: tuple = ()
    #: Fields that are each database's own.
    kept: tuple = ()
    #: {one2many: key of its rows}
    rows: dict = {}
    #: What a record that is new here begins with.
    first: dict = {}
    domain: tuple = ()


class _Tried(Exception):
    """Takes back what was only tried."""


class MilepostBundle(models.AbstractModel):
    """Configuration that was tried in one database, for another: connections, code maps, and more by addons.

    Everything is read and written with the rights of whoever calls. What begins to act by itself
    (orders, a policy that blocks, a pilot) does not travel: a person begins that.
    """

    _name = "milepost.bundle"
    _description = "Configuration Bundle"

    @api.model
    def _parts(self):
        """The models that travel, in the order in which they are taken; addons add theirs."""
        return [
            Part(
                "milepost.connection",
                ("code",),
                said=(
                    "code", "name", "source", "silent_after_hours", "late_grace_minutes",
                    "agreed_uptime", "agreed_proof_hours", "agreed_proof_percent", "tracks_only", "precedence",
                ),
            ),
            Part(
                "milepost.code.map", ("connection_id", "kind", "raw_code"), domain=(("is_mapped", "=", True),)
            ),
        ]  # fmt: skip

    @api.model
    def _names(self):
        """{model: fields by which a record is found elsewhere, the best first}; else its name."""
        return {
            "res.partner": ("ref", "vat", "name"),
            "product.product": ("default_code", "barcode", "name"),
            "stock.warehouse": ("code", "name"),
            "account.incoterms": ("code",),
        }

    @api.model
    def export_bundle(self):
        """What the caller may read of the configuration of the current company.

        :return: {format, parts: [{model, rows: [{field: value}]}]}; links by key or name, no ids
        """
        parts = [
            {"model": part.model, "rows": [self._row(part, one) for one in self._records(part)]}
            for part in self._parts()
            if self.env[part.model].has_access("read")
        ]
        return {"format": FORMAT, "parts": parts}

    @api.model
    def import_bundle(self, bundle, dry_run=True):
        """Make the configuration of the current company what a bundle says; what it does not name stays.

        :param dry_run: only say what would change
        :return: {changes: [{model, name, is: new or changed, fields}], same, problems: [text],
            refused: [model]}; with problems nothing is written
        """
        given = self._checked(bundle)
        report = {"changes": [], "same": 0, "problems": [], "refused": []}
        try:
            with self.env.cr.savepoint():
                for part in self._parts():
                    self._take(part, given.get(part.model, ()), report)
                self.env.flush_all()
                if dry_run or report["problems"]:
                    raise _Tried
        except _Tried:
            self.env.invalidate_all()
        return report

    def _checked(self, bundle):
        """{model: rows} of a bundle."""
        parts = bundle.get("parts") if isinstance(bundle, dict) else None
        if not isinstance(parts, list) or bundle.get("format") != FORMAT:
            raise ValidationError(self.env._("This is no bundle that this release reads."))
        return {part["model"]: part["rows"] for part in parts}

    def _take(self, part, rows, report):
        model = self.env[part.model]
        if not rows:
            return
        if not (model.has_access("create") and model.has_access("write")):
            report["refused"].append(part.model)
            return
        for row in rows:
            name = " / ".join(self._shown(row.get(field)) for field in part.key)
            try:
                with self.env.cr.savepoint():
                    self._take_row(part, row, name, report)
            except (UserError, ValidationError) as error:
                report["problems"].append(f"{model._description} {name}: {error}")

    def _take_row(self, part, row, name, report):
        known = self._known(part, {field: row.get(field) for field in part.key})
        fields_ = self._travelling(part)
        said = {field: value for field, value in row.items() if field in fields_}
        if known:
            now = self._row(part, known)
            said = {field: value for field, value in said.items() if now[field] != value}
        if known and not said:
            report["same"] += 1
            return
        vals = {field: self._value(part, known, field, value) for field, value in said.items()}
        if known:
            known.write(vals)
        else:
            self.env[part.model].create({**part.first, **vals})
        is_ = "changed" if known else "new"
        report["changes"].append({"model": part.model, "name": name, "is": is_, "fields": sorted(said)})

    # What travels

    def _records(self, part):
        domain = Domain(list(part.domain)) & Domain("company_id", "=", self.env.company.id)
        return self.env[part.model].with_context(active_test=False).search(domain, order="id")

    def _known(self, part, key):
        """The record here that has this key."""
        domain = Domain("company_id", "=", self.env.company.id)
        for field, value in key.items():
            is_link = self.env[part.model]._fields[field].type == "many2one"
            domain &= Domain(field, "=", self._found(part, field, value).id if is_link and value else value)
        model = self.env[part.model].with_context(active_test=False)
        # Of a contract's rates an archived one may say the same.
        return model.search(domain, order="active desc, id" if "active" in model._fields else "id", limit=1)

    def _travelling(self, part):
        """The names of the fields that travel."""
        model = self.env[part.model]
        readable = model.fields_get()
        if part.said:
            return [name for name in part.said if name in readable]
        return [name for name in readable if self._travels(model._fields[name], part)]

    def _travels(self, field, part):
        if field.name in part.rows:
            return True
        if field.name in part.kept or field.name == "company_id" or field.comodel_name == "res.users":
            return False
        by_people = field.store and not field.compute and not field.related and not field.readonly
        return by_people and field.type in PLAIN | LINKS

    def _row(self, part, record):
        return {name: self._said(part, record, name) for name in self._travelling(part)}

    def _said(self, part, record, name):
        field, value = record._fields[name], record[name]
        if name in part.rows:
            rows = self._rows(part, field)
            return sorted(
                (self._row(rows, one) for one in value), key=lambda row: str([row[k] for k in rows.key])
            )
        if field.type == "many2one":
            return self._reference(value) if value else False
        if field.type == "many2many":
            return sorted((self._reference(one) for one in value), key=str)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else False
        return value or False if field.type in ("char", "text") else value

    def _rows(self, part, field):
        """The part that the rows of a one2many are."""
        return Part(field.comodel_name, part.rows[field.name], kept=(field.inverse_name,))

    # Links

    def _reference(self, record):
        """{field: value} by which a record is found elsewhere; of a part its key."""
        part = next((one for one in self._parts() if one.model == record._name), None)
        if part:
            return {name: self._said(part, record, name) for name in part.key}
        for name in self._names().get(record._name, ("name",)):
            value = record.with_context(lang=None)[name]
            if value and len(self._named(record._name, name, value)) == 1:
                return {name: value}
        return {"name": record.with_context(lang=None).display_name}

    def _named(self, model, name, value):
        domain = Domain(name, "=", value)
        records = self.env[model].with_context(lang=None)
        if "company_id" in records._fields:
            domain &= Domain("company_id", "in", (False, self.env.company.id))
        return records.search(domain, limit=2)

    def _found(self, part, name, said):
        """The one record here that is meant."""
        field = self.env[part.model]._fields[name]
        linked = next((one for one in self._parts() if one.model == field.comodel_name), None)
        if linked:
            found = self._known(linked, said)
        else:
            [(by, value)] = said.items()
            if by not in (*self._names().get(field.comodel_name, ()), "name"):
                raise ValidationError(self.env._("Nothing is found by %s.", by))
            found = self._named(field.comodel_name, by, value)
        if len(found) != 1:
            raise UserError(self.env._(
                "%(field)s: there is no one %(name)s here.", field=field.string, name=self._shown(said)
            ))  # fmt: skip
        return found

    def _value(self, part, known, name, said):
        """What to write for what a bundle says."""
        field = self.env[part.model]._fields[name]
        if name in part.rows:
            return self._commands(self._rows(part, field), known[name] if known else (), said)
        if field.type == "many2one":
            return self._found(part, name, said).id if said else False
        if field.type == "many2many":
            return [(6, 0, [self._found(part, name, one).id for one in said])]
        return said

    def _commands(self, rows, existing, said):
        def key_of(row):
            return tuple(str(row[name]) for name in rows.key)

        here = {key_of(self._row(rows, one)): one for one in existing}
        fields_ = self._travelling(rows)
        commands = []
        for row in said:
            vals = {name: self._value(rows, None, name, row[name]) for name in fields_ if name in row}
            one = here.pop(key_of(row), None)
            commands.append((1, one.id, vals) if one else (0, 0, vals))
        return [(2, one.id, 0) for one in here.values()] + commands

    def _shown(self, said):
        return ", ".join(self._shown(one) for one in said.values()) if isinstance(said, dict) else str(said)
