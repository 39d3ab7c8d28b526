from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import split_every

# Shipments that are derived again with one round of statements.
BATCH = 500


class MilepostCodeMapRelease(models.AbstractModel):
    """What waits for a code is read anew once somebody says what it means, by `_release_<kind>`."""

    _name = "milepost.code.map.release"
    _description = "Facts That Wait for a Code"

    def _release(self):
        """Read what carries these codes anew, and derive the shipments that it belongs to."""
        self.env.flush_all()
        shipments = set()
        for code_map in self:
            release = getattr(code_map.sudo(), f"_release_{code_map.kind}", None)
            if release:
                shipments.update(release())
        model = self.env["milepost.shipment"].sudo()
        for batch in split_every(BATCH, sorted(shipments)):
            model.browse(batch)._derive()

    def _release_milestone(self):
        return self._read_anew(
            """
            UPDATE milepost_milestone
               SET code = %(meaning)s, is_unmapped = %(meaning)s IS NULL,
                   code_map_id = CASE WHEN %(meaning)s IS NOT NULL THEN %(map)s END
             WHERE connection_id = %(connection)s AND raw_code = %(raw)s
               AND (is_unmapped OR code_map_id = %(map)s)
            RETURNING shipment_id
            """,
            self.milestone_code,
        )

    def _release_reason(self):
        return self._read_anew(
            """
            UPDATE milepost_milestone SET reason = COALESCE(%(meaning)s, 'other')
             WHERE connection_id = %(connection)s AND raw_reason = %(raw)s
            RETURNING shipment_id
            """,
            self.reason,
        )

    def _release_unit(self):
        meaning = self.uom_id.id or self._units_of(self.connection_id.id, {self.raw_code}).get(self.raw_code)
        return self._read_anew(
            """
            UPDATE milepost_pod_line line SET uom_id = %(meaning)s
              FROM milepost_pod pod
             WHERE pod.id = line.pod_id AND pod.connection_id = %(connection)s AND line.unit = %(raw)s
            RETURNING pod.shipment_id
            """,
            meaning,
        )

    def _release_carrier(self):
        """The contact bears the SCAC from now on, and whoever looks for it finds the contact."""
        partner = self.partner_id
        if partner and partner.milepost_scac and partner.milepost_scac != self.raw_code:
            raise ValidationError(
                self.env._(
                    "%(contact)s has the SCAC %(scac)s already.",
                    contact=partner.display_name,
                    scac=partner.milepost_scac,
                )
            )
        if not partner:
            return []
        partner.milepost_scac = self.raw_code
        return self._give_carrier(partner)

    def _give_carrier(self, _partner):
        """Hook: records that name the carrier by its SCAC get its contact; return shipments to derive."""
        return []

    def _read_anew(self, statement, meaning):
        self.env.cr.execute(
            statement,
            {
                "meaning": meaning or None,
                "map": self.id,
                "connection": self.connection_id.id,
                "raw": self.raw_code,
            },
        )
        shipments = {shipment for (shipment,) in self.env.cr.fetchall() if shipment}
        for model in (*self.env["milepost.fact"]._models_by_kind().values(), self.env["milepost.pod.line"]):
            model.invalidate_model(flush=False)
        return shipments
