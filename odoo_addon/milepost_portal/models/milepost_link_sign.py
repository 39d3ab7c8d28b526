import base64
import binascii
import hashlib

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.milepost import codes
from odoo.addons.milepost.contract import instant_text
from odoo.exceptions import UserError
from odoo.tools import email_normalize, file_path

from ..receipt import receipt
from ..uploads import MEGABYTE
from .milepost_shipment_customers import owns

SIGN_DAYS = 14
LONGEST_NAME, LONGEST_REMARK = 128, 500
MOST_PHOTOS = 3


class MilepostLinkSign(models.Model):
    """A link by which the consignee signs for a delivery.

    It goes to the consignee's address and is shown to nobody here. Who made it and who wrote the
    address is remembered: they release nothing of the shipment, and where one of ours could have sent
    the link to himself the signature counts only once somebody else says so.
    """

    _inherit = "milepost.link"

    purpose = fields.Selection(selection_add=[("sign", "Sign")], ondelete={"sign": "cascade"})
    stop_id = fields.Many2one("milepost.stop", readonly=True, ondelete="set null", check_company=True)
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", readonly=True, ondelete="restrict", check_company=True
    )
    email = fields.Char(string="Sent To", readonly=True)
    touched_by_ids = fields.Many2many(
        "res.users", string="Made or Addressed By", readonly=True,
        help="Who made the link or ever wrote the address: they do not release what it proves.",
    )  # fmt: skip
    in_doubt = fields.Boolean(
        readonly=True, help="Who made the link could have got it himself: somebody else has to validate."
    )
    said = fields.Json(readonly=True, help="Quantities and remark, until it is signed.")
    signed_at = fields.Datetime(string="Signed", readonly=True)
    signer = fields.Char(readonly=True)
    address = fields.Char(string="Network Address", readonly=True)
    device = fields.Char(readonly=True)
    drawing = fields.Binary(readonly=True, attachment=True)
    photo_ids = fields.Many2many("ir.attachment", string="Photos", readonly=True)
    pod_ids = fields.One2many("milepost.pod", "link_id", string="Proofs of Delivery", readonly=True)

    @api.model
    def _to_sign(self, stop, partner, email):
        """A link to sign for one delivery, made by the user of this environment."""
        maker = self.env.user if self.env.user._is_internal() else self.env["res.users"]
        wrote = partner.sudo().milepost_email_user_ids
        return self._make(
            stop.shipment_id, "sign", SIGN_DAYS, stop_id=stop.id, partner_id=partner.id, email=email,
            touched_by_ids=[fields.Command.set((maker | wrote).ids)],
            in_doubt=self.sudo()._is_in_doubt(stop.shipment_id.sudo(), partner.sudo(), email, maker, wrote),
        )  # fmt: skip

    @api.model
    def _is_in_doubt(self, shipment, partner, email, maker, wrote):
        """Whether one of ours could have sent the link to himself, as superuser.

        Not who gains by it is asked: that changes with a salesperson, or by asking a colleague. An address
        that one of ours wrote, or a consignee who is none of the customers' (a shipment's address is freely
        chosen), is doubted until somebody else confirmed the address.
        """
        confirmed = partner.milepost_email_confirmed_by_id
        if confirmed and confirmed not in wrote | maker:
            return False
        customers = shipment._owners(shipment.line_ids) | shipment._portal_customers()
        chosen = not any(owns(customer, partner) for customer in customers)
        ours = self.env["res.users"].search([("share", "=", False)])
        addresses = {email_normalize(one.email) for one in ours} | {
            email_normalize(one.login) for one in ours
        }
        return bool(wrote) or chosen or email_normalize(email) in addresses - {False}

    def _maker(self):
        """Who had the link made: one of ours, or the customer who was logged in; nobody where a program did."""
        return self.create_uid.filtered(lambda user: not user._is_superuser())

    def _is_signed_for(self):
        """Whether the link's consignee signed, or can still: whose delivery is on the truck no more signs for
        none of the others'."""
        if self.signed_at:
            return True
        stop, shipment = self.stop_id, self.shipment_id
        if not stop.in_plan:
            return False
        owners = shipment._owners(shipment._lines_at(stop) or shipment.line_ids) or shipment.partner_id
        return self.partner_id == shipment._consignee(stop) or any(
            owns(self.partner_id, owner) for owner in owners
        )

    def _send(self, template):
        """Mail the link to its address, in the words of a template. Nobody here sees the mail's text."""
        self.ensure_one()
        # As superuser and about no record: whoever made the link must not read it in a chatter.
        hidden = self.with_user(SUPERUSER_ID).with_context(mail_notify_author=False)
        template = self.env.ref(template).with_user(SUPERUSER_ID)
        values = template._generate_template(
            hidden.ids, ("subject", "body_html", "email_from", "reply_to"),
        )[self.id]  # fmt: skip
        hidden.env["mail.mail"].create({
            "subject": values["subject"], "body_html": values["body_html"],
            "email_from": values.get("email_from") or self.company_id.email_formatted,
            "reply_to": values.get("reply_to") or self.company_id.email_formatted,
            "email_to": self.email, "auto_delete": True, "author_id": self.company_id.partner_id.id,
        })  # fmt: skip

    def _say(self, quantities, remark):
        """Take down what arrived, before it is signed.

        :param quantities: {goods key: {outcome: text of a number}}
        """
        self._check_open()
        self.said = {
            "quantities": self._numbers(quantities), "remark": (remark or "").strip()[:LONGEST_REMARK],
        }  # fmt: skip

    def _add_photo(self, content):
        """Keep a photo of what arrived, with the signature."""
        self._check_open()
        if len(self.photo_ids) >= MOST_PHOTOS:
            raise UserError(self.env._("There are %s photos already.", MOST_PHOTOS))
        document = self._document("photo", content)
        self.photo_ids = [fields.Command.create({
            "name": document["name"], "datas": document["content_base64"], "res_model": self._name,
            "res_id": self.id, "mimetype": document["media_type"],
        })]  # fmt: skip

    def _check_open(self):
        if self.signed_at:
            raise UserError(self.env._("This delivery was signed for already."))
        shipment = self.shipment_id
        if not (shipment._is_signed_at(self.stop_id) if self.stop_id else not shipment._is_shared()):
            # Since the link was sent the truck took in goods of others, or was planned anew.
            raise UserError(self.env._(
                "Goods of others are unloaded with yours: please sign the carrier's paper."
            ))  # fmt: skip

    def _sign(self, signer, drawing, address, device):
        """The consignee's signature: it is kept whole and becomes a proof of delivery.

        :param drawing: PNG as base64 text
        :param address: network address it came from
        :param device: what the browser says of itself
        """
        self._check_open()
        signer = (signer or "").strip()[:LONGEST_NAME]
        if not signer:
            raise UserError(self.env._("Write your name."))
        try:
            content = base64.b64decode(drawing or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The signature is missing.")) from error
        document = self._document("signature", content, MEGABYTE)
        if document["media_type"] != "image/png":
            raise UserError(self.env._("The signature is missing."))
        self.write({
            "signed_at": fields.Datetime.now(), "signer": signer, "address": address,
            "device": (device or "")[:256], "drawing": document["content_base64"],
        })  # fmt: skip
        self._tell([self._proof(content)])

    def _proof(self, drawing):
        """The signature as a fact of the contract."""
        stop, shipment = self.stop_id, self.shipment_id
        delivered = stop.completed_at or shipment.delivered_at or self.signed_at
        papers = [self._document("signature", self._receipt(drawing))]
        papers += [self._document(f"photo-{n}", one.raw) for n, one in enumerate(self.photo_ids, 1)]
        # The same picture twice is one paper.
        papers = list({one["sha256"]: one for one in papers}.values())
        fact = {
            "kind": "proof_of_delivery", "signer": self.signer, "signed": True, "documents": papers,
            "delivered": {"at": instant_text(min(delivered, self.signed_at)), "precision": "minute"},
            "quantities": self._quantities(self._signed_rows()),
        }  # fmt: skip
        if stop:
            fact["stop"] = {"id": stop.key}
        if remark := (self.said or {}).get("remark"):
            fact["remark"] = remark
        return {name: value for name, value in fact.items() if value}

    def _signed_rows(self):
        return self._rows(self.stop_id, (self.said or {}).get("quantities"))

    def _delivered_to(self):
        there = self.stop_id.partner_id.display_name
        return there or " ".join(self.shipment_id._destination_of(self.partner_id)).strip()

    def _receipt(self, drawing):
        env, shipment = self.env, self.shipment_id
        outcomes = dict(codes.QUANTITY_OUTCOMES)
        signed = self._signed_rows()
        names = {row["goods"]: f"{row['name']} ({row['unit']})" for row in signed}
        rows = [
            (env._("Shipment"), shipment.name),
            (env._("Orders"), ", ".join(shipment._orders_of(self.partner_id).mapped("name"))),
            (env._("Delivered to"), self._delivered_to()),
            *((outcomes[one["outcome"]], f"{one['quantity']} × {names[one['goods']]}")
              for one in self._quantities(signed)),
            (env._("Remark"), (self.said or {}).get("remark") or ""),
            (env._("Signed by"), self.signer),
            (env._("Signed at"), f"{self.signed_at:%Y-%m-%d %H:%M:%S} UTC"),
            (env._("Link sent to"), self.email or ""),
            (env._("Link made by"), self._maker().name or ""),
            (env._("Link made at"), f"{self.create_date:%Y-%m-%d %H:%M:%S} UTC"),
            (env._("Link first opened"), f"{self.opened_at:%Y-%m-%d %H:%M:%S} UTC" if self.opened_at else ""),
            (env._("Network address"), self.address or ""),
            (env._("Device"), self.device or ""),
            (env._("Drawing"), f"SHA-256 {hashlib.sha256(drawing).hexdigest()}"),
        ]  # fmt: skip
        font = file_path("web/static/fonts/sign/NotoSans-Reg.ttf")
        return receipt(env._("Proof of Delivery"), [row for row in rows if row[1]], drawing, font)
