"""The evidence of an invoice in one ZIP: what proves it, with hashes that show any change.

`pack` writes, `verify` reads back; neither needs Odoo. `facts`, `shipments` and `documents` say of
records what goes in. The pack holds no time of its making: the same state gives the same bytes.
"""
