import base64
import tempfile
import zipfile
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import get_translation

from ..evidence.canonical import changed_names
from ..evidence.verify import FAULTS, manifest_of, verify


class MilepostEvidenceCheck(models.AbstractModel):
    """Whether a pack is whole, and where it and Odoo differ."""

    _name = "milepost.evidence.check"
    _description = "Check of Evidence Packs"

    @api.model
    def verify(self, content_base64):
        """What of a pack does not match its manifest, or what this database knows of it.

        :return: [{path, fault}], the fault in the caller's language; an empty list when all is as it was
        """
        self._check_finance()
        with self._read(content_base64) as file:
            found = self._said(verify(file))
            if not any(one["path"] == "manifest.json" or not one["path"] for one in found):
                found += self._unknown_heads(file)
        return found

    @api.model
    def compare(self, content_base64):
        """Where a pack differs from what Odoo says today of the same document: what came after it.

        :return: [{path, difference}]; an empty list when Odoo would write the same pack
        """
        self._check_finance()
        with self._read(content_base64) as file, tempfile.TemporaryFile() as today:
            faults = self._said(verify(file))
            if faults:
                raise UserError(self.env._(
                    "The pack itself does not match its manifest: %(path)s: %(fault)s", **faults[0]
                ))  # fmt: skip
            with zipfile.ZipFile(file) as pack:
                scope = manifest_of(pack).get("scope")
                if not scope:
                    raise UserError(self.env._("The pack does not say of which document it is."))
                self._write(scope["model"], scope["id"], today)
                with zipfile.ZipFile(today) as now:
                    return list(self._differences(pack, now))

    @api.model
    def _differences(self, pack, now):
        told = {one["path"]: one["sha256"] for one in manifest_of(pack)["files"]}
        today = {one["path"]: one["sha256"] for one in manifest_of(now)["files"]}
        for path in sorted({*told, *today}):
            if path not in today:
                yield {"path": path, "difference": self.env._("Odoo has it no more")}
            elif path not in told:
                yield {"path": path, "difference": self.env._("Odoo has it, the pack does not")}
            elif told[path] != today[path] and path != "index.html":
                names = changed_names(pack.read(path), now.read(path)) if path.endswith(".json") else ()
                text = self.env._("Odoo says otherwise")
                yield {"path": path, "difference": f"{text}: {', '.join(names)}" if names else text}

    @api.model
    def _said(self, faults):
        """What `evidence.verify` found, in the language of the environment."""
        language = self.env.lang or "en_US"

        def say(text, values):
            return get_translation("milepost_billing", language, text, values)

        return [
            {
                "path": one["path"],
                "fault": say(FAULTS[one["code"]], {
                    name: say(value, {}) if name == "what" else value for name, value in one["values"].items()
                }),
            }
            for one in faults
        ]  # fmt: skip

    @api.model
    @contextmanager
    def _read(self, content_base64):
        """A pack that came over RPC as a file object."""
        with tempfile.TemporaryFile() as file:
            try:
                file.write(base64.b64decode(content_base64, validate=True))
            except (TypeError, ValueError) as error:
                raise ValidationError(self.env._("The pack must come as base64: %s", error)) from error
            yield file

    @api.model
    def _unknown_heads(self, file):
        """Heads of audits that this database does not know: the pack and its manifest were forged."""
        with zipfile.ZipFile(file) as pack:
            told = {one["hold"]: one["head"] for one in manifest_of(pack)["audit"]["holds"]}
        entries = self.env["milepost.hold.audit"].search([("hold_id", "in", list(told))])
        known = {}
        for entry in entries:
            known.setdefault(entry.hold_id.id, set()).add(entry.hash)
        return [
            {
                "path": "manifest.json",
                "fault": self.env._("the audit of hold %s never had this head in Odoo", hold),
            }
            for hold, head in sorted(told.items())
            if head and head not in known.get(hold, ())
        ]
