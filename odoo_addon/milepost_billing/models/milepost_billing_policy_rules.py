from datetime import time

from odoo import models

from ..billing import authority, cutoff, late_charge, pod_check, policy, tolerance
from ..billing.decimals import decimal, optional
from .milepost_billing_limit import limit_of


class MilepostBillingPolicyRules(models.AbstractModel):
    """A policy as the rules take it: values of `billing`, without Odoo."""

    _name = "milepost.billing.policy.rules"
    _description = "Rules of a Billing Policy"

    def _conditions(self):
        self.ensure_one()
        return policy.Conditions(
            id=self.id,
            customers=frozenset(self.partner_ids.ids) or None,
            carrier=self.carrier_id.id or None,
            service=self.service or None,
            value_from=optional(self.value_from),
            value_to=optional(self.value_to),
            valid_from=self.valid_from or None,
            valid_to=self.valid_to or None,
            sequence=self.sequence,
        )

    def _pod_checks(self):
        self.ensure_one()
        return pod_check.Checks(
            need_signer=self.pod_need_signer,
            need_signature=self.pod_need_signature,
            need_document=self.pod_need_document,
            need_quantities=self.pod_need_quantities,
            early_minutes=self.pod_early_minutes,
            future_minutes=self.pod_future_minutes,
            radius_miles=optional(self.pod_radius_miles),
            gate=self.pod_gate,
        )

    def _unproven_to_pay(self, proof):
        """The delivery stops whose missing proof keeps the carrier's bill back.

        :param proof: reconciliation.proof.Proof of the shipment
        """
        self.ensure_one()
        return tuple(proof.coverage.missing) if self.pay_needs_pod else ()

    def _tolerances(self):
        self.ensure_one()
        over = {one.charge_type: one._over() for one in self.limit_ids}
        under = {one.charge_type: one._under() for one in self.limit_ids if one._under() != tolerance.Limit()}
        return tolerance.Tolerances(
            over=over,
            default_over=limit_of(self.over_amount, self.over_percent),
            under=under,
            default_under=limit_of(self.under_amount, self.under_percent),
            document=limit_of(self.document_amount, self.document_percent),
            cumulative=limit_of(self.cumulative_amount, self.cumulative_percent),
            auto_approve=decimal(self.auto_approve_amount),
        )

    def _authority(self):
        self.ensure_one()
        return authority.Authority(
            limits={
                "analyst": authority.Limits(decimal(self.analyst_amount), decimal(self.analyst_percent)),
                "manager": authority.Limits(decimal(self.manager_amount)),
                "controller": authority.Limits(None),
            },
            four_eyes_above=decimal(self.four_eyes_amount),
        )

    def _cutoff(self, customer):
        """When the bills of a customer are due: by the policy's clock, in its time zone or the customer's."""
        self.ensure_one()
        company = self.company_id.partner_id
        zones = (self.cutoff_zone, customer.tz, customer.commercial_partner_id.tz, company.tz)
        minutes = round(self.cutoff_time * 60)
        return cutoff.CutOff(
            every=self.cutoff_every,
            at=time(minutes // 60, minutes % 60),
            zone=next(filter(None, zones), "UTC"),
            weekday=int(self.cutoff_weekday or 0),
            month_day=self.cutoff_month_day,
        )

    def _charge_product(self, company, charge_type=None):
        """What a charge is booked as: the policy's product for the type, else the addon's own.

        Without a policy it is the addon's own.
        """
        own = self.limit_ids.filtered(lambda one: one.charge_type == charge_type and one.product_id)
        # By its id: `ref` asks the database each time whether the record is still there.
        id_ = self.env["ir.model.data"]._xmlid_to_res_id(
            "milepost_billing.product_transport", raise_if_not_found=True
        )
        return own.product_id[:1] or self.env["product.product"].with_company(company).browse(id_)

    def _late_rule(self, charge_type):
        self.ensure_one()
        return late_charge.Rule(
            markup_percent=self._markup(charge_type), threshold=decimal(self.rebill_threshold)
        )

    def _pass_through_types(self):
        return set(self.limit_ids.filtered("pass_through").mapped("charge_type"))

    def _rate_types(self):
        """Charge types that customers are billed by their contract, or not at all."""
        return set(self.limit_ids.filtered("by_rate").mapped("charge_type"))

    def _markup(self, charge_type):
        own = self.limit_ids.filtered(lambda one: one.charge_type == charge_type)
        return decimal(own[:1].markup_percent or self.markup_percent)
