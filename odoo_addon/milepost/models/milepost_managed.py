from odoo import api, models

# Who may write what decides from when goods are managed.
WRITERS = {"milepost_managed_from": "milepost.group_integration_operator"}


class MilepostManaged(models.AbstractModel):
    """What says from when goods are managed, or keeps what was decided of it.

    Warehouses, operation types and customers say so beside the connection: goods are managed once
    all that say something agree, so the latest instant counts. What was decided when an order was
    confirmed, or when goods moved, is kept: no setting that changes later takes it back. That, and
    what is computed of it, decides what is billed: nobody writes it.
    """

    _name = "milepost.managed"
    _description = "Managed by a Transport Connection"

    @api.model
    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if operation != "write" or self.env.su or not field.name.startswith("milepost_"):
            return allowed
        if group := WRITERS.get(field.name):
            return allowed and self.env.user.has_group(group)
        # What is copied with its record, by a split of a transfer or a return, is no decision of its own.
        is_kept = field.store and field.readonly and not field.inverse and not field.copy
        return allowed and not is_kept
