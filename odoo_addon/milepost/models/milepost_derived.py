from odoo import api, models
from odoo.exceptions import AccessError


class MilepostDerived(models.AbstractModel):
    """Records of which some fields follow from facts.

    A field declares by whom it is written with `derived="facts"` (the derivation, by SQL) or another
    word of the addon that declares it. Nobody else writes it: what a person put right by hand would
    be put wrong again by the next fact. An addon that adds a field declares it in the same way, and
    is asked for its value by `_derived_values`.
    """

    _name = "milepost.derived"
    _description = "Derived Record"

    def _valid_field_parameter(self, field, name):
        return name == "derived" or super()._valid_field_parameter(field, name)

    @api.model
    def _derived_columns(self, writer="facts"):
        """Return {name: type in SQL} of the fields that the writer derives, in their order."""
        return {
            name: field.column_type[1]
            for name, field in self._fields.items()
            if getattr(field, "derived", None) == writer
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_derived({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_derived(vals)
        return super().write(vals)

    @api.model
    def _refuse_derived(self, names):
        if self.env.su:
            return
        for name in names:
            writer = getattr(self._fields.get(name), "derived", None)
            if writer:
                raise AccessError(self._derived_message(writer))

    @api.model
    def _derived_message(self, _writer):
        return self.env._(
            "What is known of a shipment follows from the facts that partners send; "
            "it cannot be written by hand."
        )
