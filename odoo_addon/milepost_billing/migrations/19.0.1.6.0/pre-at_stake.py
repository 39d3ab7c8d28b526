"""What is at stake is stored: computed here at once, for Odoo would do it shipment by shipment."""


def migrate(cr, version):
    cr.execute("ALTER TABLE milepost_shipment ADD COLUMN IF NOT EXISTS at_stake_amount numeric")
    cr.execute(
        """
        UPDATE milepost_shipment SET at_stake_amount = greatest(
               coalesce(billing_value, 0) - coalesce(invoiced_amount, 0) - coalesce(absorbed_amount, 0), 0)
         WHERE at_stake_amount IS NULL
        """
    )
