import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, str2bool

from ..arguments import count_of

ENVIRONMENT_PARAMETER = "milepost.environment"
ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# By these first characters of a key Odoo finds its row; the rest stands there as a hash alone.
KEY_INDEX = re.compile(r"[0-9a-f]{8}")
# The bridge runs on with its old key until somebody restarts it.
OLD_KEY_DAYS = 1


class MilepostExchange(models.AbstractModel):
    """To which environment this Odoo belongs, and the key that opens it."""

    _inherit = "milepost.exchange"

    @api.model
    def bind(self, environment, key_index=None):
        """Say to which environment this Odoo belongs: that of the first bridge that asked.

        :param environment: the bridge's own, as in its configuration
        :param key_index: the first eight characters of the bridge's API key
        :return: whether this is a neutralized copy, and when the key ends, None when it never does
        """
        self._check_bridge()
        if not isinstance(environment, str) or not ENVIRONMENT.fullmatch(environment):
            raise ValidationError(self.env._("An environment is lower-case letters, digits, - and _."))
        parameters = self.env["ir.config_parameter"].sudo()
        bound = parameters.get_param(ENVIRONMENT_PARAMETER)
        if not bound:
            parameters.set_param(ENVIRONMENT_PARAMETER, environment)
        return {
            "environment": bound or environment,
            "is_neutralized": str2bool(parameters.get_param("database.is_neutralized", "False")),
            "key_expires_at": self._key_end(key_index),
        }

    @api.model
    def rotate_key(self, key_index, days=90):
        """Make the caller a new API key; the one in use ends a day later.

        :param key_index: the first eight characters of the key in use
        :param days: how long the new one is valid; Odoo's limit for the user's groups holds
        """
        self._check_bridge()
        ends_at = fields.Datetime.now() + timedelta(days=count_of(self.env, days, 90))
        key = self.env["res.users.apikeys"]._generate("rpc", "Milepost bridge", ends_at)
        if self._key_row(key_index):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_users_apikeys
                       SET expiration_date = least(expiration_date, %s)
                     WHERE user_id = %s AND index = %s
                    """,
                    fields.Datetime.now() + timedelta(days=OLD_KEY_DAYS),
                    self.env.uid,
                    key_index,
                )
            )
        return {"key": key, "key_expires_at": fields.Datetime.to_string(ends_at)}

    def _key_end(self, key_index):
        [row] = self._key_row(key_index) or [(None,)]
        return fields.Datetime.to_string(row[0]) or None

    def _key_row(self, key_index):
        """The ends of the caller's keys that begin so: one, or none when it came with a password."""
        if not isinstance(key_index, str) or not KEY_INDEX.fullmatch(key_index):
            return []
        self.env.cr.execute(
            SQL(
                "SELECT expiration_date FROM res_users_apikeys WHERE user_id = %s AND index = %s LIMIT 1",
                self.env.uid,
                key_index,
            )
        )
        return self.env.cr.fetchall()
