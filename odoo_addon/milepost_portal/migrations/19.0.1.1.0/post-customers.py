"""Of a truck for several customers each sees and is told his own.

Rule and mails stand where an upgrade writes nothing: the rule is replaced, and of the mails only what
they say of orders and times, so that what a user made of them stays.
"""

from odoo import SUPERUSER_ID, api

DOMAIN = """[
    ("direction", "in", ("delivery", "return")),
    "|", ("partner_id", "child_of", user.commercial_partner_id.id),
    "|", ("line_ids.sale_line_id.order_id.partner_id", "child_of", user.commercial_partner_id.id),
    "&", ("line_ids", "=", False), ("sale_order_ids.partner_id", "child_of", user.commercial_partner_id.id),
]"""
WORDS = (
    ("object.sale_order_ids", "object._portal_orders()"),
    ("object.eta", "object._portal_eta()"),
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    if rule := env.ref("milepost_portal.rule_shipment_portal", raise_if_not_found=False):
        rule.domain_force = DOMAIN
    notices = env["ir.model.data"].search([
        ("module", "=", "milepost_portal"), ("name", "=like", "mail_template_notice_%"),
    ])  # fmt: skip
    for old, new in WORDS:
        cr.execute(
            "UPDATE mail_template SET body_html = replace(body_html::text, %s, %s)::jsonb WHERE id = ANY (%s)",
            (old, new, notices.mapped("res_id")),
        )
    cr.execute(
        "UPDATE mail_template SET lang = '{{ object._portal_customer().lang }}'"
        " WHERE id = ANY (%s) AND lang = '{{ object.partner_id.lang }}'",
        (notices.mapped("res_id"),),
    )
    env.invalidate_all()
