"""What comes in through a page is told by its content."""

from odoo.tests import TransactionCase

from ..uploads import Refused, media_type
from .sign_case import drawing, jpeg


class TestUploads(TransactionCase):
    def test_papers_and_pictures_come_in_whatever_they_are_called(self):
        for content, kind in (
            (b"%PDF-1.4 x", "application/pdf"), (drawing(), "image/png"), (jpeg(), "image/jpeg"),
            (b"II*\x00\x08\x00\x00\x00", "image/tiff"),
        ):  # fmt: skip
            self.assertEqual(media_type(content), kind)

    def test_everything_else_is_refused_with_its_reason(self):
        for content, why in (
            (b"", "empty"), (b"<html><script>alert(1)</script>", "type"), (b"<svg onload='x'/>", "type"),
            (b"MZ\x90\x00 renamed to invoice.pdf", "type"), (b"GIF89a\x14\x00\x14\x00", "type"), (b"PK\x03\x04zip", "type"),
            (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20, "heic"), (jpeg()[:40], "type"),
            (b"%PDF-" + b"x" * (11 << 20), "large"), (bytes(range(256)), "type"),
        ):  # fmt: skip
            with self.subTest(content=content[:20]):
                with self.assertRaises(Refused) as caught:
                    media_type(content)
                self.assertEqual(caught.exception.why, why)
