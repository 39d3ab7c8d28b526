"""How facts get into Odoo's tables and shipments' records get out of them.

Raw SQL, a constant number of statements per batch: the ORM would take ten times as long. The
exchange has checked the caller before anything in here runs.
"""
