from odoo import api, models

# Who may write what decides from when goods are managed; of decisions that were made: nobody.
WRITERS = {
    "milepost_managed_from": "milepost.group_integration_operator",
    "milepost_managed_by_id": None,
    "milepost_handed_back_at": None,
}


class MilepostManaged(models.AbstractModel):
    """What says from when goods are managed, or keeps what was decided of it.

    Warehouses, operation types and customers say so beside the connection: goods are managed once
    all that say something agree, so the latest instant counts. What was decided when an order was
    confirmed, or when goods moved, is kept: no setting that changes later takes it back.
    """

    _name = "milepost.managed"
    _description = "Managed by a Transport Connection"

    @api.model
    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if operation == "write" and field.name in WRITERS and not self.env.su:
            group = WRITERS[field.name]
            return allowed and bool(group) and self.env.user.has_group(group)
        return allowed
