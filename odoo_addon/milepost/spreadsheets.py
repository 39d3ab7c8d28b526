"""What others write is no formula in a spreadsheet.

Odoo marks what begins with =, + or - in its CSV files alone; in its XLSX files such a text is a formula that
is carried out when somebody opens the file.
"""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "{=")


def no_formula(cell):
    """A cell as text for spreadsheets, whatever it begins with."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def no_formulas(table):
    """The same of all texts of a table as JSON has it; names of its parts stay."""
    if isinstance(table, dict):
        return {name: no_formulas(value) for name, value in table.items()}
    if isinstance(table, list):
        return [no_formulas(value) for value in table]
    return no_formula(table)
