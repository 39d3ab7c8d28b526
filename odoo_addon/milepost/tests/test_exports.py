"""What leaves Odoo as a file that other programs open."""

import csv
import io
import zipfile

import xlsxwriter
from odoo.addons.web.controllers.export import CSVExport
from odoo.tests import tagged

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
