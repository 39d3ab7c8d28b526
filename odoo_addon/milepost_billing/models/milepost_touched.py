from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from ..by_rule import Rule, is_writing, writing


class MilepostTouched(models.AbstractModel):
    """Remembers everybody who created or edited a record that money is decided by.

    The last editor alone would not do: whoever raised a tolerance must not release what it let
    grow because somebody else corrected a comma after him.
    """

    _name = "milepost.touched"
    _description = "Records Its Editors"

    touched_by_ids = fields.Many2many(
        "res.users", string="Edited By", readonly=True, copy=False,
        help="Created or edited it, and so release nothing that was decided by it.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any("touched_by_ids" in vals for vals in vals_list):
            raise AccessError(self.env._("The list of editors is computed and cannot be edited."))
        records = super().create(vals_list)
        records._touch()
        return records

    def write(self, vals):
        if not self.env.su and "touched_by_ids" in vals:
            raise AccessError(self.env._("The list of editors is computed and cannot be edited."))
        result = super().write(vals)
        if any(name in self._fields and not name.startswith(("message_", "activity_")) for name in vals):
            self._touch()
        return result

    def _touch(self):
        """Note the user; what the rules write is nobody's edit."""
        if self.env.uid == SUPERUSER_ID or is_writing(self.env, Rule.VALIDATING, Rule.TOUCHING):
            return
        new = self.sudo().filtered(lambda one: self.env.user not in one.touched_by_ids)
        writing(new, Rule.TOUCHING).write({"touched_by_ids": [(4, self.env.uid)]})

    def _editors(self):
        """Everybody who created or edited these records; the stamps are of before it was remembered."""
        return self.touched_by_ids | self.create_uid | self.write_uid
