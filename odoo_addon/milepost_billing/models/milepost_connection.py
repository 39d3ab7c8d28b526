from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Languages in which the bridge can tell a partner what became of the money.
OUTCOME_SOURCES = ("otm5", "mapped")


class MilepostConnection(models.Model):
    """Partners that want to know what became of the money."""

    _inherit = "milepost.connection"

    wants_outcomes = fields.Boolean(
        string="Tell Outcomes", help="The partner is told when a shipment is invoiced, paid or disputed."
    )

    @api.constrains("wants_outcomes", "source")
    def _check_outcomes_can_be_told(self):
        for connection in self.filtered("wants_outcomes"):
            if connection.source not in OUTCOME_SOURCES:
                raise ValidationError(self.env._(
                    "%(connection)s speaks %(language)s, in which no outcome can be told. Take away “Tell "
                    "Outcomes”; it is possible with %(possible)s.",
                    connection=connection.name, language=connection.source,
                    possible=", ".join(OUTCOME_SOURCES),
                ))  # fmt: skip
