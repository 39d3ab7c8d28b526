from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..billing import quantities

# A customer is billed by these and by nothing else.
BILLING_TYPES = ("out_invoice", "out_receipt", "out_refund")
SMALLEST = float(quantities.SMALLEST)  # the sums here are stored floats


class MilepostLedger(models.AbstractModel):
    """What may be billed and what is: the one gate that every line of every document passes.

    For each billable and each gated line of a sales order: proven and released ≥ drafted + posted −
    credited, over all live documents. It is asked where lines are written, not where people click:
    whatever way leads to a document leads through here.
    """

    _name = "milepost.ledger"
    _description = "Ledger of What Is Billed"

    @api.model
    def _is_used(self):
        return not self._is_leaving() and self.env["milepost.connection"]._is_any()

    @api.model
    @contextmanager
    def _leaving(self):
        """Within it everything is billed as Odoo bills it: the addon goes."""
        data = self.env.cr.precommit.data
        data["milepost.leaving"] = True
        try:
            yield
        finally:
            data.pop("milepost.leaving", None)

    @api.model
    def _is_leaving(self):
        return "milepost.leaving" in self.env.cr.precommit.data

    @api.model
    @contextmanager
    def _kept(self, lines=None, moves=None):
        """Refuse what the block writes when it bills more than before, and more than may be billed.

        What was billed too much already may be made less, and what has nothing to do with it is
        nobody's business. Of whole documents only the outcome counts: while lines are split or signs
        turned, more may seem to be billed.

        :param lines: account.move.line that the block changes or removes
        :param moves: account.move that the block changes, with lines that it makes
        """
        lines = self._unguarded(moves.line_ids if moves is not None else lines)
        if not self._is_used() or (not lines and not moves):
            yield
            return
        rows, order_lines = self._things(lines)
        before = self._billed(rows, order_lines)
        # Of what is held nothing more than stood before the block, whatever it takes off the books.
        allowed = {thing: thing._milepost_allowed() for thing in before}
        guarded = self.env.cr.precommit.data.setdefault("milepost.guarded", set())
        mine = set(moves.ids) - guarded if moves is not None else set()
        guarded |= mine
        try:
            yield
        finally:
            guarded -= mine
        if moves is not None:
            lines |= self._unguarded(moves.exists().line_ids)
        lines = lines.exists()
        self._check_kind(lines)
        more_rows, more_lines = self._things(lines)
        new_rows, new_lines = more_rows - rows, more_lines - order_lines
        before |= self._billed(new_rows, new_lines, lambda line: self._live(line) and line not in lines)
        self._refuse_rise(
            before, rows.exists() | more_rows, order_lines.exists() | more_lines, allowed=allowed
        )

    @api.model
    def _unguarded(self, lines):
        """Of some lines those of documents that no block around this one looks after."""
        guarded = self.env.cr.precommit.data.get("milepost.guarded")
        return lines.filtered(lambda line: line.move_id.id not in guarded) if guarded else lines

    @api.model
    def _check_made(self, lines):
        """Refuse new lines that bill more than may be billed."""
        lines = self._unguarded(lines)
        if not lines or not self._is_used():
            return
        rows, order_lines = self._things(lines)
        if rows or order_lines:
            self._check_kind(lines)
            before = self._billed(rows, order_lines, lambda line: self._live(line) and line not in lines)
            self._refuse_rise(before, rows, order_lines)

    @api.model
    def _check_posting(self, moves):
        """Refuse to post documents that bill more than is proven and released now."""
        lines = moves.line_ids
        rows, order_lines = self._things(lines)
        if rows or order_lines:
            self._check_kind(lines)
            before = self._billed(rows, order_lines, self._posted)

            def counts(line):
                return self._posted(line) or line.move_id in moves

            self._refuse_rise(before, rows, order_lines, counts)
            self._refuse_overdrawn(rows, order_lines, counts)

    @staticmethod
    def _live(line):
        return line.parent_state != "cancel"

    @staticmethod
    def _posted(line):
        return line.parent_state == "posted"

    @api.model
    def _things(self, lines):
        """(billables, gated order lines) that some document lines bill."""
        lines = lines.sudo().filtered(lambda line: line.milepost_billable_id or line.sale_line_ids)
        rows = lines.milepost_billable_id
        order_lines = lines.sale_line_ids | rows.sale_line_id
        return rows, order_lines.browse(order_lines._milepost_gates())

    @api.model
    def _check_kind(self, lines):
        """Only a customer's documents bill what travels."""
        other = lines.sudo().filtered(lambda line: line.move_id.move_type not in BILLING_TYPES)
        rows, order_lines = self._things(other)
        if rows or order_lines:
            names = dict(self.env["account.move"]._fields["move_type"]._description_selection(self.env))
            raise UserError(self.env._(
                "%(what)s travels with Milepost: it is billed by a customer's invoice, receipt or credit "
                "note, not by a document of the type “%(kind)s”.",
                what=rows[:1].description or order_lines[:1].display_name,
                kind=names[other[:1].move_id.move_type],
            ))  # fmt: skip

    @api.model
    def _billed(self, rows, order_lines, counts=None):
        """{billable or order line: what documents bill of it}: of goods the quantity, of charges the amount.

        :param counts: which document lines count; those of all live documents by default
        """
        counts = counts or self._live
        found = {row: row._billed(counts) for row in rows if row.sale_line_id or row.amount >= 0}
        return found | {line: line._milepost_billed(counts) for line in order_lines}

    @api.model
    def _refuse_rise(self, before, rows, order_lines, counts=None, allowed=None):
        """Refuse what is billed more than `before` and more than may be billed.

        :param allowed: {thing: what may be billed of it}; as it is now of those that are not named
        """
        allowed = allowed or {}
        now = self._billed(rows, order_lines, counts)
        risen = [thing for thing, billed in now.items() if billed > before.get(thing, 0.0) + SMALLEST]
        for thing in risen:
            over = now[thing] - (allowed[thing] if thing in allowed else thing._milepost_allowed())
            if over > thing._milepost_tolerance():
                raise UserError(thing._milepost_refusal(over))

    @api.model
    def _refuse_overdrawn(self, rows, order_lines, counts):
        """Refuse that more of a thing is credited than was billed of it."""
        charges = rows.filtered(lambda row: not row.sale_line_id)
        # A rebate is given on all of the goods: less than no quantity is left, but money is.
        goods = (order_lines | rows.sale_line_id).filtered(
            lambda line: not line.is_downpayment and line._milepost_booked_amount(counts) < 0
        )
        for thing, billed in self._billed(charges, goods, counts).items():
            if billed < -thing._milepost_tolerance():
                raise UserError(self.env._(
                    "%(what)s: more would be credited than was billed (by %(over)s). Credit only what is left.",
                    what=thing.display_name, over=self.env["milepost.words"]._quantity(-billed),
                ))  # fmt: skip

    @api.model
    @contextmanager
    def _links_kept(self, records, names, vals):
        """Refuse that a person takes goods, orders or documents off a shipment by writing the link.

        The link is what a hold hangs on. Those that only ever were planned may be taken off; the rest
        by `milepost.shipment.action_detach`, which decides what becomes of the hold and says who did it.
        """
        names = [name for name in names if name in vals]
        if self.env.su or not names:
            yield
            return
        before = {(record, name): record[name] for record in records.sudo() for name in names}
        yield
        for (record, name), linked in before.items():
            gone = linked - record[name]
            one, other = (record, gone) if record._name == "milepost.shipment" else (gone, record)
            if gone and one._milepost_binds(other):
                raise AccessError(self.env._(
                    "%(shipment)s and %(other)s belong together: their goods have left, or are billed. "
                    "Use “Detach” on the shipment.",
                    shipment=one[:1].display_name, other=other[:1].display_name,
                ))  # fmt: skip
