from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..billing import detention, fuel
from ..billing.decimals import decimal, optional
from ..billing.errors import RateGap
from ..billing.sentences import method_term, say
from ..by_rule import Rule, writing
from ..selections import charge_types


class MilepostRate(models.Model):
    """One line of a contract: what a charge type costs us or the customer, from when to when.

    Rates are never edited after they were used: a new price is a new row with its own dates, so
    that what was expected of an old shipment can be computed again.
    """

    _name = "milepost.rate"
    _description = "Contract Rate"
    _check_company_domain = models.check_company_domain_parent_of
    _check_company_auto = True
    _inherit = ["mail.thread", "milepost.touched"]
    _mail_post_access = "read"
    _order = "side, carrier_partner_id, customer_id, charge_type, valid_from desc, id desc"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    side = fields.Selection(
        [("cost", "Cost"), ("sell", "Sell")], default="cost", required=True, tracking=True,
        help="Cost: what the carrier may bill. Sell: what the customer is billed.",
    )  # fmt: skip
    carrier_partner_id = fields.Many2one(
        "res.partner", string="Carrier", index=True, help="Of a cost rate; empty: any.", check_company=True
    )
    customer_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", check_company=True,
        help="Of a sell rate; empty: any. Counts for the customer's addresses too.",
    )  # fmt: skip
    carrier_id = fields.Many2one("delivery.carrier", string="Shipping Method", check_company=True)
    origin_zip = fields.Char(string="Origin ZIP starts with")
    destination_zip = fields.Char(string="Destination ZIP starts with")
    charge_type = fields.Selection(charge_types, required=True, default="linehaul", tracking=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    valid_to = fields.Date(tracking=True)
    method = fields.Selection(
        [
            ("flat", "Amount per Shipment"),
            ("distance", "Amount per Distance"),
            ("percent", "Percent of Linehaul"),
            ("fuel_formula", "Fuel by Formula"),
            ("fuel_bracket", "Fuel by Bracket"),
            ("detention", "Detention by Time"),
        ],
        required=True,
        default="flat",
    )
    amount = fields.Float(digits=(16, 4), tracking=True, help="Per shipment, or per unit of distance.")
    percent = fields.Float(digits=(16, 4), tracking=True)

    fuel_index = fields.Char(help="Name of the fuel price series, such as a published weekly index.")
    fuel_base = fields.Float(digits=(16, 4))
    fuel_divisor = fields.Float(digits=(16, 4))
    bracket_ids = fields.One2many("milepost.rate.bracket", "rate_id", copy=True)

    free_minutes = fields.Integer(default=120)
    increment_minutes = fields.Integer(default=15)
    minimum_minutes = fields.Integer(default=15)
    rounding = fields.Selection(
        [("up", "Up"), ("down", "Down"), ("nearest", "Nearest")], default="up", required=True
    )
    hourly_rate = fields.Float(digits=(16, 4))
    cap = fields.Float(digits=(16, 4), help="0: none.")
    grace_minutes = fields.Integer(default=15)
    late_arrival = fields.Selection(
        [
            ("void", "Nothing Is Due"),
            ("unload", "The Clock Starts With Unloading"),
            ("arrival", "The Clock Starts at Arrival"),
        ],
        default="void",
        required=True,
    )
    detention_scope = fields.Selection(
        [("stop", "Free Time per Stop"), ("shipment", "One Free Time for All Stops")],
        default="stop",
        required=True,
    )

    # What a contract says once: told twice, it would be two rates of which one silently counts.
    _natural_key = models.UniqueIndex(
        "(company_id, side, COALESCE(carrier_partner_id, 0), COALESCE(customer_id, 0), COALESCE(carrier_id, 0),"
        " COALESCE(origin_zip, ''), COALESCE(destination_zip, ''), charge_type, valid_from,"
        " COALESCE(valid_to, 'infinity'::date)) WHERE active",
        "This contract names a rate for the charge and these days already.",
    )
    _period = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)", "A rate ends on its first day or later."
    )

    @api.model_create_multi
    def create(self, vals_list):
        rates = super(MilepostRate, writing(self, Rule.BRACKETS)).create(vals_list)
        return rates.with_env(self.env)

    def write(self, vals):
        return super(MilepostRate, writing(self, Rule.BRACKETS)).write(vals)

    @api.constrains("bracket_ids", "method", "currency_id")
    def _check_brackets(self):
        for rate in self.filtered(lambda one: one.method == "fuel_bracket"):
            holes = fuel.gaps(rate._brackets(), rate.currency_id.decimal_places)
            if holes:
                (high, low), number = holes[0], self.env["milepost.words"]._number
                raise ValidationError(self.env._(
                    "The fuel brackets of “%(rate)s” do not join: one ends at %(high)s, the next "
                    "begins at %(low)s.",
                    rate=rate.name, high=number(str(high)), low=number(str(low)),
                ))  # fmt: skip

    @api.constrains("method", "fuel_divisor", "increment_minutes", "amount", "hourly_rate", "percent")
    def _check_numbers(self):
        for rate in self:
            if rate.method == "fuel_formula" and rate.fuel_divisor <= 0:
                raise ValidationError(self.env._("The divisor of a fuel formula must be above zero."))
            if rate.increment_minutes <= 0:
                raise ValidationError(self.env._("The increment must be above zero."))
            if rate.charge_type != "discount" and min(rate.amount, rate.hourly_rate, rate.percent) < 0:
                raise ValidationError(self.env._("A rate cannot be negative."))

    @api.constrains("side", "carrier_partner_id", "customer_id")
    def _check_side(self):
        for rate in self:
            if rate.side == "cost" and rate.customer_id:
                raise ValidationError(self.env._(
                    "“%s” is what a carrier may bill: it names a carrier and no customer.", rate.name
                ))  # fmt: skip
            if rate.side == "sell" and rate.carrier_partner_id:
                raise ValidationError(self.env._(
                    "“%s” is what a customer is billed: it names a customer and no carrier.", rate.name
                ))  # fmt: skip

    @api.onchange("side")
    def _onchange_side(self):
        if self.side == "sell":
            self.carrier_partner_id = False
        else:
            self.customer_id = False

    def _brackets(self):
        return [
            fuel.Bracket(decimal(one.low), decimal(one.high), decimal(one.value)) for one in self.bracket_ids
        ]

    def _terms(self):
        self.ensure_one()
        return detention.Terms(
            free_minutes=self.free_minutes,
            increment_minutes=self.increment_minutes,
            minimum_minutes=self.minimum_minutes,
            rounding=self.rounding,
            hourly_rate=decimal(self.hourly_rate),
            cap=optional(self.cap),
            grace_minutes=self.grace_minutes,
            late=self.late_arrival,
        )

    def _partner(self):
        """Whose contract it is, an empty record for anybody's."""
        self.ensure_one()
        return self.carrier_partner_id if self.side == "cost" else self.customer_id

    def _covers(self, carrier, origin_zip, destination_zip):
        """Whether the rate is for such a shipment, on whatever day."""
        self.ensure_one()
        return (
            (not self.carrier_id or self.carrier_id == carrier)
            and (not self.origin_zip or (origin_zip or "").startswith(self.origin_zip))
            and (not self.destination_zip or (destination_zip or "").startswith(self.destination_zip))
        )

    def _in_force(self, day):
        self.ensure_one()
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)

    def _basis(self):
        """How the amount came about, in a few words: the rate, its version and its method."""
        self.ensure_one()
        return say("rate_applied", rate=self.name, since=self.valid_from, method=method_term(self.method))

    def _specificity(self, customers=()):
        """What beats what: the rate that names more.

        :param customers: ids of the shipment's customer and its parents, the nearest first
        """
        near = customers.index(self.customer_id.id) if self.customer_id.id in customers else len(customers)
        return (
            bool(self.carrier_partner_id),
            len(customers) - near,
            bool(self.carrier_id),
            len(self.destination_zip or ""),
            len(self.origin_zip or ""),
            self.valid_from,
            self.id,
        )

    def _amount(self, linehaul, distance, price_of):
        """What the rate gives for a shipment, without detention.

        :param linehaul: the expected linehaul, Decimal
        :param distance: in the contract's unit, Decimal
        :param price_of: index name → billing.fuel.Price in force at pickup
        :raises RateGap: price, bracket or distance is missing
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        if self.method == "flat":
            return fuel.percentage(decimal(self.amount), Decimal(100), digits)
        if self.method == "percent":
            if self.side == "sell" and not linehaul:
                # A bill too low is not seen by anybody: the customer does not complain.
                raise RateGap(say("no_linehaul", rate=self.name))
            return fuel.percentage(linehaul, decimal(self.percent), digits)
        if not distance:
            raise RateGap(say("no_distance", rate=self.name))
        if self.method == "distance":
            return fuel.percentage(decimal(self.amount) * distance, Decimal(100), digits)
        formula = fuel.Formula(decimal(self.fuel_base), decimal(self.fuel_divisor))
        table = formula if self.method == "fuel_formula" else self._brackets()
        return fuel.surcharge(price_of(self.fuel_index), table, distance, digits).amount
