import io

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import trans_export


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_the_templates_have_every_text_of_the_addons(self):
        """`npm run i18n` brings them up to date."""
        addons = self.env["ir.module.module"].search([
            ("name", "=like", "milepost%"), ("name", "not like", "demo"), ("state", "=", "installed"),
        ])  # fmt: skip
        self.assertIn("milepost", addons.mapped("name"))
        for addon in addons.mapped("name"):
            with self.subTest(addon=addon):
                buffer = io.BytesIO()
                trans_export(False, [addon], buffer, "po", self.env)
                now = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
                with file_open(f"{addon}/i18n/{addon}.pot") as template:
                    known = {entry.msgid for entry in polib.pofile(template.read())}
                self.assertEqual((now - known, known - now), (set(), set()))
