"""A billing policy as it was applied: every field that decides, whichever addon gave it."""

from odoo.addons.milepost.contract import instant_text

from .plain import plain

#: Whose a policy or limit is, what it is called and where it applies: none of it is asked once the policy
#: is found. Its customers are named in the evidence of none of them.
NO_RULES = {
    "milepost.billing.policy": frozenset({
        "name", "active", "sequence", "company_id", "partner_ids", "carrier_id", "service", "value_from",
        "value_to", "valid_from", "valid_to", "limit_ids",
    }),
    "milepost.billing.limit": frozenset({"policy_id", "company_id"}),
}  # fmt: skip


def rule_names(model):
    """The fields of a policy or limit that decide: all that are stored and not excepted by name.

    A field that is added later, by this or another addon, is a rule by itself.
    """
    kept = {*model.env["mail.thread"]._fields, *model.env["milepost.touched"]._fields}
    kept |= NO_RULES[model._name]
    return sorted(name for name, field in model._fields.items() if field.store and name not in kept)


def rules_of(policy):
    """All rules of a billing policy as plain values, its limits by charge type."""
    limits = policy.limit_ids.sorted("charge_type")
    names = rule_names(limits)
    return {
        "name": policy.name,
        "currency": policy.company_id.currency_id.name,
        **plain(policy, *rule_names(policy)),
        "limits": [plain(limit, *names) for limit in limits],
    }


def policy_of(shipment):
    """The policy's rules as they were applied; `changed_since` when they read differently today."""
    version = shipment.policy_version_id
    today = rules_of(shipment._billing_policy())
    applied = version.rules or today
    return {
        "applied": applied,
        "applied_from": instant_text(version.create_date),
        "changed_since": reads_otherwise(applied, today),
    }


def reads_otherwise(before, now):
    """Whether a rule that was written down before reads differently now."""
    return _as_far_as(before, now) != before


def _as_far_as(known, now):
    """What stands now, without the rules that were not there yet when the other was written down."""
    if isinstance(known, dict) and isinstance(now, dict):
        return {name: _as_far_as(value, now.get(name)) for name, value in known.items()}
    if isinstance(known, list) and isinstance(now, list) and len(known) == len(now):
        return [_as_far_as(*pair) for pair in zip(known, now, strict=True)]
    return now
