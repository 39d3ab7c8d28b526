from odoo import models

from ..spreadsheets import no_formula


class Base(models.AbstractModel):
    """What partners write is no formula in a spreadsheet."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        exported = super().export_data(fields_to_export)
        if self._name.startswith("milepost.") or any("milepost_" in path for path in fields_to_export):
            exported["datas"] = [[no_formula(cell) for cell in row] for row in exported["datas"]]
        return exported
