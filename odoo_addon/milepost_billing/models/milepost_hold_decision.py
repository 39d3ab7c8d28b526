from collections import defaultdict

from odoo import api, fields, models

from ..billing import holds
from ..billing.sentences import packed


class MilepostHoldDecision(models.AbstractModel):
    """How stored holds follow what the rules decided."""

    _name = "milepost.hold.decision"
    _description = "Holds of a Decision"

    @api.model
    def _apply(self, plan):
        """Bring stored holds to what was decided, with one create and few writes.

        :param plan: [(existing holds, decided holds, values of new and changed ones)]
        """
        Hold = self.env["milepost.hold"].with_context(tracking_disable=True, mail_create_nolog=True)
        creates, events = [], defaultdict(lambda: Hold)
        now = fields.Datetime.now()
        for existing, decided, scope in plan:
            changes = holds.diff([hold._existing() for hold in existing], decided)
            for one in changes.open:
                creates.append({**self._prepare_from_decision(one, scope), **self._prepare_opening(now)})
            for id_, one in changes.refresh:
                hold = Hold.browse(id_)
                hold.write({**self._prepare_from_decision(one, scope), "approved_by_ids": [(5,)]})
                events["changed"] |= hold
            for id_, one in changes.reopen:
                hold = Hold.browse(id_)
                hold.write({**self._prepare_from_decision(one, scope), **self._prepare_opening(now)})
                events["reopened"] |= hold
            events["auto_cleared"] |= Hold.browse(changes.clear)
            stale = Hold.browse(changes.kept).filtered(
                lambda hold, shadow=scope["shadow"]: hold.is_open and hold.shadow != shadow
            )
            stale.write({"shadow": scope["shadow"]})
        events.pop("auto_cleared", Hold)._clear(now)
        if creates:
            Hold.create(creates)
        for event, changed in events.items():
            changed._audit(event)

    @api.model
    def _prepare_from_decision(self, decided, scope):
        """Values of the hold that a decision calls for; an addon adds what its reasons need.

        :param decided: billing.holds.Decided
        :param scope: values that say what is held: shipment, bill, company, currency, policy, shadow
        """
        return {
            **scope,
            "side": decided.side,
            "reason": decided.reason.lower(),
            "subject": decided.subject,
            "severity": decided.severity,
            "amount": float(abs(decided.amount)),
            "percent": float(decided.percent or 0),
            "has_percent": decided.percent is not None,
            "explanation": decided.explanation,
            "remedy": decided.remedy,
            "said": {"explanation": packed(decided.explanation), "remedy": packed(decided.remedy)},
            "fingerprint": decided.fingerprint,
        }

    @api.model
    def _prepare_opening(self, now):
        """Values of a hold that is opened by the rules, or once more: nobody has decided about it yet."""
        return {
            "state": "open", "opened_at": now, "closed_at": False, "outlasted": False, "is_manual": False,
            "released_by_id": False, "release_code": False, "release_reason": False,
            "approved_by_ids": [(5,)],
        }  # fmt: skip
