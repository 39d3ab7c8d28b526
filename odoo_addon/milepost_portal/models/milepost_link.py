import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq, hmac

# What is longer is no token of ours: it is not even looked at.
TOKEN_LENGTH = 100
DAYS = 30


class MilepostLink(models.Model):
    """A way to one shipment without a login: for one purpose, until a day, and revocable.

    The token is nowhere stored: it is sealed with the database's secret, so that neither a reader of
    the table nor a backup holds links that work.
    """

    _name = "milepost.link"
    _description = "Link to a Shipment"
    _order = "id desc"
    _rec_name = "purpose"
    _check_company_auto = True

    shipment_id = fields.Many2one(
        "milepost.shipment", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    purpose = fields.Selection([("follow", "Follow")], required=True, readonly=True)
    nonce = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(string="Expires", required=True, readonly=True)
    revoked_at = fields.Datetime(string="Revoked", readonly=True)
    opened_at = fields.Datetime(string="First Opened", readonly=True)
    url = fields.Char(string="Link", compute="_compute_url", compute_sudo=True)
    state = fields.Selection(
        [("open", "Open"), ("expired", "Expired"), ("revoked", "Revoked")], compute="_compute_state"
    )

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            if link.revoked_at:
                link.state = "revoked"
            else:
                link.state = "open" if link.expires_at > now else "expired"

    @api.depends("state")
    def _compute_url(self):
        for link in self:
            link.url = link._url() if link.state == "open" and link._is_shown() else False

    def _is_shown(self):
        """Whether the people who work with the shipment may see where the link leads."""
        return self.purpose == "follow"

    @api.model
    def _make(self, shipment, purpose, days=DAYS, **values):
        """A new link (as superuser; it was made by the user of this environment)."""
        return self.sudo().create({
            "shipment_id": shipment.id, "purpose": purpose, "nonce": secrets.token_hex(16),
            "expires_at": fields.Datetime.now() + timedelta(days=days), **values,
        })  # fmt: skip

    @api.model
    def _to_follow(self, shipment, partner=None):
        """A link by which a customer can follow his shipment: one that stands for another week, or a new one.

        :param partner: of a truck for several customers whose part is shown; its own customer's by default
        """
        partner = partner or shipment.sudo().partner_id
        lasting = fields.Datetime.now() + timedelta(days=7)
        found = self.sudo().search(
            [
                ("shipment_id", "=", shipment.id),
                ("purpose", "=", "follow"),
                ("partner_id", "=", partner.id),
                ("revoked_at", "=", False),
                ("expires_at", ">", lasting),
            ],
            limit=1,
        )
        return found or self._make(shipment, "follow", partner_id=partner.id)

    def _token(self):
        self.ensure_one()
        sealed = (self.id, self.purpose, self.sudo().nonce)
        return f"{self.id}-{hmac(self.env(su=True), 'milepost.link', sealed)}"

    def _url(self):
        """Where the link leads, with its token."""
        shipment = self.shipment_id
        if self.purpose != "follow":
            return f"{shipment.get_base_url()}/shipment/{self.purpose}/{self._token()}"
        return f"{shipment.get_base_url()}{shipment.access_url}?access_token={self._token()}"

    @api.model
    def _of_token(self, token, purpose):
        """The link (as superuser) that the token opens now, an empty record for every other word."""
        none = self.sudo().browse()
        if not isinstance(token, str) or len(token) > TOKEN_LENGTH or not token.isascii():
            return none
        number = token.partition("-")[0]
        if not number.isdecimal() or len(number) > 9:
            return none
        link = none.browse(int(number)).exists()
        if not link or link.purpose != purpose or not consteq(link._token(), token):
            return none
        return link if link.state == "open" and link._is_current() else none

    def _is_current(self):
        """Whether what the link was made for is there still."""
        return self.purpose != "sign" or self._is_signed_for()

    def _opened(self):
        """Remember that somebody came by the link."""
        if not self.opened_at:
            self.opened_at = fields.Datetime.now()

    def action_revoke(self):
        """Close links before their time."""
        if not self.env.user.has_group("milepost.group_dispatcher"):
            raise AccessError(self.env._("Only dispatchers revoke links."))
        self.check_access("read")
        self.filtered(lambda link: link.state == "open").sudo().revoked_at = fields.Datetime.now()

    @api.ondelete(at_uninstall=False)
    def _keep_history(self):
        if self.filtered("opened_at"):
            raise UserError(self.env._("A link that was opened is kept: revoke it instead."))
