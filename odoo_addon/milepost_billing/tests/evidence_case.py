"""Packs of evidence, taken and opened."""

import base64
import hashlib
import io
import json
import zipfile

from .billing_case import BillingCase


class EvidenceCase(BillingCase):
    """Takes packs as the analyst does, opens them, and writes them again with something changed."""

    def pack(self, record, user="analyst"):
        user = self.users[user] if isinstance(user, str) else user
        answer = self.env["milepost.evidence"].with_user(user).pack(record._name, record.id)
        content = base64.b64decode(answer["content_base64"])
        self.assertEqual(hashlib.sha256(content).hexdigest(), answer["sha256"])
        self.assertEqual(len(content), answer["size"])
        return content

    @staticmethod
    def files(content):
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            return {name: pack.read(name) for name in pack.namelist()}

    def read(self, content, path):
        return json.loads(self.files(content)[path])

    @staticmethod
    def zipped(files):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as pack:
            for name, content in files.items():
                pack.writestr(name, content)
        return file.getvalue()

    def proven(self, quantity=100, paper=None, held=False):
        """A shipment that is ready to bill; `held`: it waited for its proof, so that there is an audit."""
        shipment = self.shipment(self.order(quantity))
        self.deliver(shipment)
        if held:
            self.validate(shipment)
        self.facts(self.pod(shipment, paper=paper))
        self.validate(shipment)
        return shipment

    def invoiced(self, *shipments):
        [invoice] = self.run_billing()
        self.assertEqual(set(invoice.milepost_shipment_ids), set(shipments))
        return invoice
