from odoo import api, fields, models
from odoo.addons.milepost.arguments import choice_of
from odoo.exceptions import AccessError, UserError, ValidationError

from ..billing import authority


class MilepostHoldRelease(models.AbstractModel):
    """What people decide of a hold: review, release within an authority, uphold."""

    _name = "milepost.hold.release"
    _description = "Release of Holds"

    may_release = fields.Boolean(compute="_compute_may_release")
    why_not_released = fields.Char(compute="_compute_may_release")

    def action_review(self):
        self.check_access("write")
        opened = self.filtered(lambda hold: hold.state == "open").sudo()
        opened.write({"state": "in_review", "user_id": self.env.uid})
        opened._audit("in_review")

    def action_release(self, code=None, text=None):
        """Let the money go: within one's authority, with a code and a text, never one's own.

        :param code: one of `release_code`; the one that stands in the hold by default
        :param text: why, in words
        """
        self._check_finance_user()
        codes = dict(self._fields["release_code"]._description_selection(self.env))
        code = choice_of(self.env, code or None, codes)
        given = {name: one for name, one in (("release_code", code), ("release_reason", text)) if one}
        for hold in self:
            hold._release(given)
        self.sudo().shipment_id._billing_changed()
        self.sudo().carrier_invoice_id._billing_changed()

    def release_alike(self, code, text):
        """Let the money of alike holds go with one code and text; what may not go says why and stays.

        Alike are holds of one side and reason: one text cannot be the reason for different things.

        :return: {"released": ids, "agreed": ids that a second person must still agree to,
            "skipped": [{id, name, why}]}
        """
        self._check_finance_user()
        if len(set(self.mapped(lambda hold: (hold.side, hold.reason)))) > 1:
            raise UserError(self.env._("Release holds of one reason together; others by themselves."))
        codes = dict(self._fields["release_code"]._description_selection(self.env))
        given = {"release_code": choice_of(self.env, code or None, codes), "release_reason": text}
        if not all(given.values()):
            raise ValidationError(self.env._("Say why they are released: a code and a text."))
        done, skipped = self.browse(), []
        for hold in self:
            try:
                with self.env.cr.savepoint():
                    hold._release(given)
                done |= hold
            except UserError as refusal:
                skipped.append({"id": hold.id, "name": hold.display_name, "why": str(refusal)})
        done.sudo().shipment_id._billing_changed()
        done.sudo().carrier_invoice_id._billing_changed()
        released = done.filtered(lambda hold: hold.state == "released")
        return {"released": released.ids, "agreed": (done - released).ids, "skipped": skipped}

    @api.readonly
    def release_outlook(self):
        """What `release_alike` would do: how many holds go, and which stay, and why.

        :return: {"free": ids, "skipped": [{id, name, why}]}
        """
        reasons = {hold: hold._why_not_released() for hold in self}
        return {
            "free": [hold.id for hold, why in reasons.items() if not why],
            "skipped": [
                {"id": hold.id, "name": hold.display_name, "why": why} for hold, why in reasons.items() if why
            ],
        }

    @api.depends("state", "severity", "amount", "approved_by_ids")
    @api.depends_context("uid")
    def _compute_may_release(self):
        decides = bool(self._finance_role())
        for hold in self:
            blocked = decides and hold.is_open and hold.severity == "soft" and hold._why_not_released()
            hold.why_not_released = blocked or False
            hold.may_release = decides and hold.is_open and hold.severity == "soft" and not blocked

    def _release(self, given):
        hold = self.sudo()
        if not hold.is_open and hold.state != "rejected":
            raise UserError(self.env._("The hold %(hold)s is closed already.", hold=hold.display_name))
        if not all(given.get(name) or hold[name] for name in ("release_code", "release_reason")):
            raise ValidationError(self.env._("Say in the hold why it is released: a code and a text."))
        # Two releases of one hold must not both see the approvals of before.
        hold.lock_for_update()
        answer = self._release_answer()
        if not answer.allowed:
            raise AccessError(
                self.env._(
                    "You cannot release %(hold)s: %(why)s.",
                    hold=hold.display_name, why=self._refusal_text(answer),
                )
            )  # fmt: skip
        hold.write({**given, "approved_by_ids": [(4, self.env.uid)]})
        data = {"code": hold.release_code, "text": hold.release_reason}
        if not answer.complete:
            hold.state = "in_review"
            hold._audit("approved", **data)
            return
        hold.write(
            {
                "state": "released",
                "closed_at": fields.Datetime.now(),
                "released_by_id": self.env.uid,
                # Who was kept from it is part of the proof that it was another's to release.
                "touched_by_ids": [(4, id_) for id_ in hold._people().ids],
            }
        )
        hold._audit("released", **data)

    def action_reject(self):
        """Uphold the hold: the customer is not billed, or the carrier is not paid this part."""
        self._check_finance_user()
        for hold in self.sudo():
            if not hold.is_open:
                raise UserError(self.env._("The hold %(hold)s is closed already.", hold=hold.display_name))
            if not hold.release_reason:
                raise ValidationError(self.env._("Say in the hold why it is upheld."))
            hold.write({"state": "rejected", "closed_at": fields.Datetime.now()})
            hold._audit("rejected", text=hold.release_reason)
        self.sudo().carrier_invoice_id._billing_changed()

    def _check_finance_user(self):
        self.check_access("write")
        if cases := self.filtered(lambda hold: hold.reason == "proof_due"):
            raise UserError(self.env._("%s closes by itself when the proof arrives.", cases[0].display_name))
        if self.env.user.has_group("milepost.group_bridge") or not self._finance_role():
            raise AccessError(self.env._("Your role may not decide on holds."))

    def _release_answer(self):
        """Whether the user may release the hold, and whether it takes somebody else besides."""
        hold = self.sudo()
        return authority.may_release(
            hold._as_held(),
            self._finance_role(),
            self.env.uid,
            hold._release_authority(),
            hold.approved_by_ids.ids,
        )

    def _release_authority(self):
        self.ensure_one()
        return self.policy_id._authority() if self.policy_id else authority.Authority()

    def _refusal_text(self, answer):
        """Why the user may not release the hold, in the user's language and currency format."""
        company, number = self.company_id.currency_id, self.env["milepost.words"]._number
        texts = {
            "role": self.env._("your role may not release a hold"),
            "hard": self.env._("it goes only when its cause is fixed"),
            "touched": self.env._("you created or edited what this hold is about"),
            "least": self.env._("this reason needs a higher role"),
            "unexpected": self.env._("nothing was expected, so no percentage limit covers it"),
        }
        if answer.code == "amount":
            return self.env._(
                "%(amount)s is above your limit of %(limit)s",
                amount=company.format(float(answer.value)), limit=company.format(float(answer.limit)),
            )  # fmt: skip
        if answer.code == "percent":
            return self.env._(
                "%(percent)s %% is above your limit of %(limit)s %%",
                percent=number(f"{answer.value.normalize():f}"), limit=number(f"{answer.limit.normalize():f}"),
            )  # fmt: skip
        return texts[answer.code]

    def _why_not_released(self):
        """Why the user cannot release the hold now; empty when he can."""
        self.ensure_one()
        answer = self._release_answer()
        if not answer.allowed:
            text = self._refusal_text(answer)
            return self.env._("You cannot release it: %s.", text)
        if not answer.complete and self.env.uid in self.sudo().approved_by_ids.ids:
            return self.env._("You agreed already: somebody else must agree too.")
        return ""

    def _finance_role(self):
        """The user's highest role of finance; None for everybody else and always for the bridge."""
        user = self.env.user
        if user.has_group("milepost.group_bridge"):
            return None
        for role, group in (
            ("controller", "milepost_billing.group_controller"),
            ("manager", "milepost_billing.group_finance_manager"),
            ("analyst", "milepost_billing.group_billing_analyst"),
        ):
            if user.has_group(group):
                return role
        return None
