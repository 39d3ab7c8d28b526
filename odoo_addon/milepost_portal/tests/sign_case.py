"""A delivery that waits for its consignee's signature."""

import base64
import io
import re

from PIL import Image, ImageDraw

from .portal_case import PortalCase


def drawing(width=300):
    """A signature as the browser's canvas gives it."""
    image = Image.new("RGBA", (width, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 80), (120, 20), (250, 70)], fill=(0, 0, 80, 255), width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def jpeg(color=(200, 30, 30)):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "JPEG")
    return out.getvalue()


class SignCase(PortalCase):
    @classmethod
    def build(cls, world):
        cls.delivered = world.under_way()
        world.deliver(cls.delivered)
        world.validate(cls.delivered)

    def asked(self, shipment=None, by="dispatcher"):
        """The link that was mailed when a user asked for the signature."""
        shipment = shipment or self.delivered
        shipment.with_user(self.users[by]).action_ask_signature()
        return shipment.link_ids.filtered(lambda link: link.purpose == "sign")[:1]

    def mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)])

    def path_in(self, mail):
        """The path that the mail's reader is led to."""
        [url] = re.findall(r'href="([^"]*/shipment/[^"]+)"', mail.body_html)
        return url.removeprefix(self.env["milepost.shipment"].get_base_url())

    def finish(self, path, name="J. Doe", image=None):
        picture = base64.b64encode(drawing() if image is None else image).decode()
        return self.make_jsonrpc_request(f"{path}/finish", {"name": name, "signature": picture})
