from odoo import models

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "{=")


def _no_formula(cell):
    """A cell as text for spreadsheets, whatever it begins with."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


class Base(models.AbstractModel):
    """What partners write is no formula in a spreadsheet.

    Odoo marks what begins with =, + or - in its CSV files alone; in its XLSX files such a text is a formula
    that is carried out when somebody opens the file.
    """

    _inherit = "base"

    def export_data(self, fields_to_export):
        exported = super().export_data(fields_to_export)
        if self._name.startswith("milepost.") or any("milepost_" in path for path in fields_to_export):
            exported["datas"] = [[_no_formula(cell) for cell in row] for row in exported["datas"]]
        return exported
