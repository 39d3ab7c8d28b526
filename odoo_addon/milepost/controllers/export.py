import json

from odoo import http
from odoo.addons.web.controllers import export, pivot
from werkzeug.datastructures import FileStorage

from ..spreadsheets import no_formula, no_formulas


class ExcelExport(export.ExcelExport):
    """The names of groups stand in cells of their own, which no export of a model's data goes through."""

    def from_group_data(self, fields, columns_headers, groups):
        named = {}
        for key, group in groups.children.items():
            plain = tuple(no_formula(part) for part in key) if isinstance(key, tuple) else no_formula(key)
            while plain in named:
                # Two groups that differ in this alone stay two.
                plain = f"'{plain}"
            named[plain] = group
        groups.children = named
        return super().from_group_data(fields, columns_headers, groups)


class TableExporter(pivot.TableExporter):
    """The headers of a pivot are what its records are grouped by; the browser sends them."""

    @http.route()
    def export_xlsx(self, data, **kw):
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        return super().export_xlsx(json.dumps(no_formulas(table)), **kw)
