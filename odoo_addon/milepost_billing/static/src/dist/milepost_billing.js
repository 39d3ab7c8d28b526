// Generated from web/ by `npm run build`; do not edit.

// web/milepost_billing.ts
import { registry } from "@web/core/registry";

// web/billing_lag/billing_lag.ts
import { Component as Component7 } from "@odoo/owl";
import { WithSearch } from "@web/search/with_search/with_search";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Notice as Notice2 } from "@milepost/dist/milepost";
import { useSearchSetup } from "@milepost/dist/milepost";

// web/billing_lag/lag_board/lag_board.ts
import { Component as Component6, onWillStart, onWillUpdateProps, useRef } from "@odoo/owl";
import { useService as useService2 } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { useBoardKeys } from "@milepost/dist/milepost";
import { fullText } from "@milepost/dist/milepost";
import { Notice } from "@milepost/dist/milepost";

// web/translation.ts
import { _t } from "@web/core/l10n/translation";

// web/billing_lag/aging/aging.ts
import { Component } from "@odoo/owl";

// web/billing/money.ts
import { formatCurrency } from "@web/core/currency";
function moneyText(money) {
  return formatCurrency(money.amount, money.currency_id);
}
function totalsText(totals) {
  return totals.map(moneyText).join(" + ");
}

// web/billing_lag/aging/aging.ts
var Aging = class extends Component {
  static template = "milepost.Aging";
  static props = { unbilled: Object, currencyId: Number, open: Function };
  money(amount) {
    return moneyText({ amount, currency_id: this.props.currencyId });
  }
  daysText(bucket) {
    return bucket.to === null ? _t("%s days and more", bucket.from) : _t("%s–%s days", bucket.from, bucket.to);
  }
  width(bucket) {
    const most = Math.max(...this.props.unbilled.buckets.map((one) => one.amount));
    return `width: ${most > 0 ? (100 * bucket.amount / most).toFixed(2) : 0}%`;
  }
  get countText() {
    const { n } = this.props.unbilled;
    return n === 1 ? _t("1 shipment") : _t("%s shipments", n);
  }
};

// web/billing_lag/figure_tile/figure_tile.ts
import { Component as Component2 } from "@odoo/owl";
var FigureTile = class extends Component2 {
  static template = "milepost.FigureTile";
  static props = { figure: Object, open: Function };
};

// web/billing_lag/hold_pareto/hold_pareto.ts
import { Component as Component3 } from "@odoo/owl";

// web/billing_lag/lag_words.ts
import { durationText } from "@milepost/dist/milepost";
var NOTHING = "–";
function hoursText(hours) {
  if (hours === null) return NOTHING;
  const minutes = Number(hours) * 60;
  return Math.round(minutes) < 0 ? `−${durationText(minutes)}` : durationText(minutes);
}
function percentText(value) {
  return value === null ? NOTHING : `${value} %`;
}
function partLooks() {
  return {
    carrier_reporting: {
      title: _t("Carrier reporting"),
      hint: _t("From the delivery until the carrier's message reached the bridge")
    },
    bridge: { title: _t("Bridge"), hint: _t("From the bridge into Odoo") },
    pod_wait: { title: _t("Proof of delivery"), hint: _t("Until every proof was validated") },
    charge_wait: { title: _t("Charges"), hint: _t("Until all charges were final") },
    review_wait: { title: _t("Review"), hint: _t("Until the last hold was gone") },
    posting_wait: { title: _t("Posting"), hint: _t("From ready to bill until the posted invoice") }
  };
}
function figureGroups({ kpis, currency_id }) {
  const money = (amount) => moneyText({ amount, currency_id });
  const rate = (key, title, of, hint) => ({
    key,
    title,
    value: percentText(of.value),
    over: _t("%s of %s", of.n, of.of),
    hint
  });
  const value = (key, title, of, hint) => ({
    key,
    title,
    value: percentText(of.value),
    over: _t("%s of %s", money(of.amount), money(of.of_amount)),
    hint
  });
  return [
    {
      key: "receivable",
      title: _t("Customer invoices"),
      figures: [
        rate(
          "first_pass",
          _t("First pass"),
          kpis.first_pass,
          _t("Share of ready shipments that were never held")
        ),
        rate(
          "missing_pod",
          _t("Missing proofs"),
          kpis.missing_pod,
          _t("Share of shipments whose validated proof is overdue")
        ),
        rate(
          "billing_accuracy",
          _t("Billing accuracy"),
          kpis.billing_accuracy,
          _t("Posted invoices that no credit or debit note corrects")
        )
      ]
    },
    {
      key: "holds",
      title: _t("Held and lost"),
      figures: [
        {
          key: "hold_cost",
          title: _t("Hold cost"),
          value: money(kpis.hold_cost.amount),
          over: _t("%s holds", kpis.hold_cost.n),
          hint: _t(
            "Amount × time held × cost of capital; money that several holds keep counts once"
          )
        },
        rate(
          "false_holds",
          _t("False holds"),
          kpis.false_holds,
          _t("Share of releases by people although nothing had changed")
        ),
        {
          key: "late_charge_leak",
          title: _t("Late-charge leak"),
          value: money(kpis.late_charge_leak.amount),
          over: _t("%s charges", kpis.late_charge_leak.n),
          hint: _t("Late costs written off instead of rebilled")
        }
      ]
    },
    {
      key: "payable",
      title: _t("Carrier bills"),
      figures: [
        rate(
          "touchless",
          _t("Touchless"),
          kpis.touchless,
          _t("Share of approved bills that nobody had to touch")
        ),
        rate(
          "charge_exceptions",
          _t("Charge exceptions"),
          kpis.charge_exceptions,
          _t("Share of these shipments' carrier bills that were held")
        ),
        value(
          "charge_exception_value",
          _t("Exception value"),
          kpis.charge_exception_value,
          _t("Share of the billed amount that was held as a variance")
        ),
        value(
          "detention_recovery",
          _t("Detention recovery"),
          kpis.detention_recovery,
          _t("Detention billed to customers, of what carriers are paid for it")
        )
      ]
    },
    {
      key: "transport",
      title: _t("Transport"),
      figures: [
        rate(
          "on_time_last",
          _t("On time, last appointment"),
          kpis.on_time_last,
          _t("Arrived by the appointment as it was agreed in the end")
        ),
        rate(
          "on_time_first",
          _t("On time, first promise"),
          kpis.on_time_first,
          _t("Arrived by the time that the order promised")
        ),
        rate("otif", _t("On time in full"), kpis.otif, _t("On time, and all goods were accepted")),
        {
          key: "dwell",
          title: _t("Dwell"),
          value: hoursText(kpis.dwell.median_hours),
          over: _t("median of %s stops, P90 %s", kpis.dwell.n, hoursText(kpis.dwell.p90_hours)),
          hint: _t("From arrival to departure at a stop")
        },
        {
          key: "event_latency",
          title: _t("Event latency"),
          value: hoursText(kpis.event_latency.p95_hours),
          over: _t("P95 of %s events", kpis.event_latency.n),
          hint: _t("From the event until it was recorded in Odoo")
        },
        rate(
          "completeness",
          _t("Completeness"),
          kpis.completeness,
          _t("Share of planned stops that were reported")
        )
      ]
    }
  ];
}

// web/billing_lag/hold_pareto/hold_pareto.ts
var HoldPareto = class extends Component3 {
  static template = "milepost.HoldPareto";
  static props = { rows: Array, currencyId: Number, open: Function };
  hoursText = hoursText;
  money(amount) {
    return moneyText({ amount, currency_id: this.props.currencyId });
  }
  sideText(row) {
    return row.side === "ar" ? _t("invoice") : _t("bill");
  }
};

// web/billing_lag/lag_feed.ts
import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { LiveFeed } from "@milepost/dist/milepost";
var LagFeed = class extends LiveFeed {
  #domain = [];
  get domain() {
    return this.#domain;
  }
  search(domain) {
    this.#domain = domain;
    return this.retry();
  }
  ask(orm) {
    const args = [this.#domain];
    return orm.call("milepost.billing.lag", "figures", args);
  }
  accept(answer) {
    this.state.answer = answer;
  }
};
function useLagFeed() {
  const state = useState({ answer: null, isReading: true, isLive: true, fault: null });
  return new LagFeed(useService("orm"), state);
}

// web/billing_lag/lag_tile/lag_tile.ts
import { Component as Component4 } from "@odoo/owl";
var LagTile = class extends Component4 {
  static template = "milepost.LagTile";
  static props = { figure: String, title: String, lag: Object, open: Function };
  hoursText = hoursText;
  get spreadText() {
    const { p90_hours, mean_hours, n } = this.props.lag;
    return _t("P90 %s · mean %s · of %s", hoursText(p90_hours), hoursText(mean_hours), n);
  }
  get openText() {
    const { open, open_ages_hours: ages } = this.props.lag;
    return _t("%s open, oldest %s", open, hoursText(ages[0] ?? null));
  }
};

// web/billing_lag/waterfall/waterfall.ts
import { Component as Component5 } from "@odoo/owl";
var Waterfall = class extends Component5 {
  static template = "milepost.Waterfall";
  static props = { answer: Object, open: Function };
  hoursText = hoursText;
  percentText = percentText;
  looks;
  setup() {
    this.looks = partLooks();
  }
  get steps() {
    const { parts, total_seconds: total } = this.props.answer;
    let before = 0;
    return parts.map((part) => {
      const percent = (seconds) => total === 0 ? 0 : 100 * seconds / total;
      const step = { part, from: percent(before), width: percent(part.seconds) };
      before += part.seconds;
      return step;
    });
  }
  barStyle(step) {
    return `margin-inline-start: ${step.from.toFixed(3)}%; width: ${step.width.toFixed(3)}%`;
  }
  /** The mean over posted shipments: the parts' means sum to it. */
  get meanHours() {
    const { posted, total_seconds: total } = this.props.answer;
    return posted === 0 ? null : total / posted / 3600;
  }
  get openCount() {
    return this.props.answer.n - this.props.answer.posted;
  }
  /** Stands before the number where the head of the table is hidden. */
  get waitingLabel() {
    return _t("Waiting now:");
  }
  waitingText(part) {
    return _t("%s, %s each", part.open, hoursText(part.open_seconds / part.open / 3600));
  }
  get sumText() {
    const { posted } = this.props.answer;
    return posted === 1 ? _t("The steps of the 1 invoiced shipment sum to the whole; medians and P90 do not.") : _t(
      "The steps of the %s invoiced shipments sum to the whole; medians and P90 do not.",
      posted
    );
  }
};

// web/billing_lag/lag_board/lag_board.ts
var LagBoard = class extends Component6 {
  static template = "milepost.LagBoard";
  static components = {
    Aging,
    FigureTile,
    HoldPareto,
    LagTile,
    Layout,
    Notice,
    SearchBar,
    Waterfall
  };
  static props = { domain: Array };
  action;
  feed;
  orm;
  searchBarToggler;
  fullText = fullText;
  setup() {
    this.action = useService2("action");
    this.orm = useService2("orm");
    this.searchBarToggler = useSearchBarToggler();
    this.feed = useLagFeed();
    useBoardKeys({ root: useRef("root"), help: () => [] });
    onWillStart(() => void this.feed.search(this.props.domain));
    onWillUpdateProps((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }
  get answer() {
    return this.feed.state.answer;
  }
  get retry() {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : void 0;
  }
  get refusedText() {
    if (this.feed.state.fault !== "refused") return {};
    return {
      title: _t("These figures are for finance"),
      text: _t("Ask your administrator for the role Billing Analyst or above.")
    };
  }
  get emptyText() {
    return {
      title: _t("No delivered shipments here"),
      text: _t("Figures appear with the first delivery. Change the search to see other periods.")
    };
  }
  get countText() {
    const { n, posted } = this.answer;
    return _t("%s delivered · %s invoiced · %s open", n, posted, n - posted);
  }
  get lags() {
    const { whole, readiness, posting, proof } = this.answer;
    return [
      { key: "whole", title: _t("Delivery → invoice"), lag: whole },
      { key: "readiness", title: _t("Delivery → ready to bill"), lag: readiness },
      { key: "posting", title: _t("Ready to bill → invoice"), lag: posting },
      { key: "proof", title: _t("Delivery → validated proof"), lag: proof }
    ];
  }
  get groups() {
    return figureGroups(this.answer);
  }
  /** Shows the records that a figure counts; the server knows them by the figure's key. */
  open = async (key) => {
    const args = [key, this.feed.domain];
    const action = await this.orm.call("milepost.billing.lag", "records", args);
    await this.action.doAction(action);
  };
};

// web/billing_lag/billing_lag.ts
var BillingLag = class extends Component7 {
  static template = "milepost.BillingLag";
  static components = { LagBoard, Notice: Notice2, WithSearch };
  static props = { ...standardActionServiceProps };
  search;
  setup() {
    this.search = useSearchSetup(this.props, { model: "milepost.shipment" });
  }
};

// web/invoice_holds/invoice_holds.ts
import { Component as Component13 } from "@odoo/owl";
import { WithSearch as WithSearch2 } from "@web/search/with_search/with_search";
import { standardActionServiceProps as standardActionServiceProps2 } from "@web/webclient/actions/action_service";
import { Notice as Notice4 } from "@milepost/dist/milepost";
import { useSearchSetup as useSearchSetup2 } from "@milepost/dist/milepost";

// web/invoice_holds/hold_board/hold_board.ts
import {
  Component as Component12,
  onPatched,
  onWillPatch,
  onWillStart as onWillStart2,
  onWillUpdateProps as onWillUpdateProps2,
  useRef as useRef4,
  useState as useState6
} from "@odoo/owl";
import { useService as useService5 } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout as Layout2 } from "@web/search/layout";
import { SearchBar as SearchBar2 } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler as useSearchBarToggler2 } from "@web/search/search_bar/search_bar_toggler";
import { movingHelp, useBoardKeys as useBoardKeys2 } from "@milepost/dist/milepost";
import { directionOf, isChord, neighbour } from "@milepost/dist/milepost";
import { chosenInUrl, useUrlState } from "@milepost/dist/milepost";
import { LiveMark } from "@milepost/dist/milepost";
import { Notice as Notice3 } from "@milepost/dist/milepost";

// web/invoice_holds/hold_data.ts
var SIDES = ["ar", "ap"];
var GROUPINGS = ["reason", "customer", "carrier", "release"];

// web/invoice_holds/hold_feed.ts
import { useState as useState2 } from "@odoo/owl";
import { useService as useService3 } from "@web/core/utils/hooks";
import { LiveFeed as LiveFeed2, useLiveLine } from "@milepost/dist/milepost";
import { instant } from "@milepost/dist/milepost";
var CHANGED = "milepost.hold/changed";
var PAGE = 40;
var HoldFeed = class extends LiveFeed2 {
  #domain = [];
  #limits = {};
  async search(domain) {
    this.#domain = domain;
    await this.#startOver();
  }
  async show(side, group) {
    this.state.side = side;
    this.state.group = group;
    await this.#startOver();
  }
  async showMore(key) {
    const before = this.#limits;
    this.#limits = { ...before, [key]: (before[key] ?? PAGE) + PAGE };
    if (!await this.extend()) this.#limits = before;
  }
  #startOver() {
    this.#limits = {};
    return this.retry();
  }
  ask(orm) {
    const { side, group } = this.state;
    const options = { domain: this.#domain, side, group, limit: PAGE, limits: this.#limits };
    return orm.call("milepost.hold", "hold_board", [], options);
  }
  accept(answer) {
    this.state.answer = answer;
    this.state.now = instant(answer.now);
  }
};
function useHoldFeed(side, group) {
  const state = useState2({
    answer: null,
    now: null,
    side,
    group,
    isReading: true,
    isLive: true,
    fault: null
  });
  const feed = new HoldFeed(useService3("orm"), state);
  useLiveLine(CHANGED, feed);
  return feed;
}

// web/invoice_holds/hold_group/hold_group.ts
import { Component as Component9, useState as useState3 } from "@odoo/owl";
import { ageText as ageText2, fullText as fullText3 } from "@milepost/dist/milepost";
import { isIdOrNull } from "@milepost/dist/milepost";

// web/invoice_holds/hold_line/hold_line.ts
import { Component as Component8 } from "@odoo/owl";
import { ageText, fullText as fullText2 } from "@milepost/dist/milepost";
var HoldLineView = class extends Component8 {
  static template = "milepost.HoldLine";
  static props = {
    line: Object,
    by: String,
    now: Object,
    decides: Boolean,
    isTabStop: Boolean,
    onFocus: Function,
    openHold: Function,
    openShipment: Function,
    release: Function,
    review: Function,
    fix: Function,
    isSelected: Boolean
  };
  ageText = ageText;
  fullText = fullText2;
  /** The shipment; a bill that matches none names itself. */
  get title() {
    const { shipment, carrier_invoice: bill } = this.props.line;
    return shipment || (bill === false ? "" : _t("Bill %s", bill));
  }
  get parties() {
    const { customer, carrier, carrier_invoice: bill, shipment } = this.props.line;
    const named = bill !== false && shipment !== false ? _t("bill %s", bill) : "";
    return [customer, carrier, named].filter(Boolean).join(" · ");
  }
  get amountText() {
    const { amount, currency_id } = this.props.line;
    return moneyText({ amount, currency_id });
  }
  /** How much waits because of it, where that is more than what it is about. */
  get blockedText() {
    const { line } = this.props;
    const same = line.blocked_currency_id === line.currency_id && line.blocked_amount <= line.amount;
    if (same) return "";
    return _t(
      "blocks %s",
      moneyText({ amount: line.blocked_amount, currency_id: line.blocked_currency_id })
    );
  }
  get percentText() {
    return this.props.line.percent === false ? "" : `${this.props.line.percent} %`;
  }
  /** How far the decision is. */
  get stateText() {
    const { state, state_label, reviewer, agreed, people } = this.props.line;
    if (state === "rejected") return _t("Kept held");
    if (agreed.length > 0)
      return _t("%s of %s agreed: %s", agreed.length, people, agreed.join(", "));
    if (state !== "in_review") return "";
    return reviewer === false ? state_label : _t("%s reviews it", reviewer);
  }
  get canDecide() {
    return this.props.decides && this.props.line.severity !== "hard";
  }
  get releaseText() {
    return this.props.line.people > 1 ? _t("Agree") : _t("Release");
  }
  get releaseTitle() {
    const { why_not, people } = this.props.line;
    return why_not || (people > 1 ? _t("Agree (R)") : _t("Release (R)"));
  }
  /** A bill that matches no shipment is opened itself. */
  get openText() {
    return this.props.line.shipment_id === false ? _t("Open the bill (O)") : _t("Open the shipment (O)");
  }
  /** What mends the cause, as an action. */
  get fixText() {
    const texts = {
      review: _t("Validate proof"),
      proof: _t("Supply proof"),
      quantities: _t("Decide"),
      bill: _t("Open bill")
    };
    const { fix } = this.props.line;
    return fix === false ? "" : texts[fix];
  }
};

// web/invoice_holds/hold_group/hold_group.ts
var HoldGroupView = class extends Component9 {
  static template = "milepost.HoldGroup";
  static components = { HoldLineView };
  static props = {
    group: Object,
    by: String,
    now: Object,
    decides: Boolean,
    isFolded: Boolean,
    tabStopId: { validate: isIdOrNull },
    toggleFold: Function,
    showMore: Function,
    onFocus: Function,
    openHold: Function,
    openShipment: Function,
    release: Function,
    review: Function,
    fix: Function,
    selected: Object,
    releaseMany: Function
  };
  fullText = fullText3;
  totalsText = totalsText;
  state;
  setup() {
    this.state = useState3({ isReading: false });
  }
  get oldestText() {
    return _t("oldest %s", ageText2(this.props.group.oldest, this.props.now));
  }
  /** Alike are holds of one reason, of which one person may release at least one. */
  get canReleaseAll() {
    const { group, by, decides } = this.props;
    return decides && by === "reason" && group.count > 1 && group.holds.some((line) => line.may_release);
  }
  get releaseAllText() {
    return _t("Release all %s…", this.props.group.count);
  }
  get moreText() {
    return _t("Show more (%s)", this.props.group.count - this.props.group.holds.length);
  }
  async more() {
    this.state.isReading = true;
    try {
      await this.props.showMore(this.props.group.key);
    } finally {
      this.state.isReading = false;
    }
  }
};

// web/invoice_holds/hold_releases.ts
import { useService as useService4 } from "@web/core/utils/hooks";
import { asked } from "@milepost/dist/milepost";

// web/invoice_holds/release_dialog/release_dialog.ts
import { Component as Component10, onMounted, useRef as useRef2, useState as useState4 } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
function newReleaseState() {
  return { code: "", text: "", isChecked: false, isSending: false, refusal: null };
}
function isGiven(state) {
  return state.code !== "" && state.text.trim() !== "";
}
var ReleaseDialog = class extends Component10 {
  static template = "milepost.ReleaseDialog";
  static components = { Dialog };
  static props = { line: Object, codes: Array, release: Function, close: Function };
  code;
  state;
  setup() {
    this.code = useRef2("code");
    this.state = useState4(newReleaseState());
    onMounted(() => this.code.el?.focus());
  }
  get title() {
    const { line } = this.props;
    if (!line.may_release) return _t("You cannot release this hold");
    return line.people > 1 ? _t("Agree to the release") : _t("Release the hold");
  }
  get amountText() {
    const { amount, currency_id, percent } = this.props.line;
    const text = moneyText({ amount, currency_id });
    return percent === false ? text : `${text} (${percent} %)`;
  }
  get twoText() {
    const { people, agreed } = this.props.line;
    if (people < 2) return "";
    return agreed.length === 0 ? _t("Two people must approve: the second approval releases the hold.") : _t("%s approved already: your approval releases the hold.", agreed.join(", "));
  }
  get whoText() {
    const { line } = this.props;
    return line.severity === "hard" ? _t("What clears it: %s", line.remedy || "") : _t("It can be released by: %s.", line.needs);
  }
  async confirm() {
    this.state.isChecked = true;
    if (!isGiven(this.state) || this.state.isSending) return;
    this.state.isSending = true;
    try {
      this.state.refusal = await this.props.release(this.state.code, this.state.text.trim());
    } finally {
      this.state.isSending = false;
    }
    if (this.state.refusal === null) this.props.close();
  }
};

// web/invoice_holds/release_many_dialog/release_many_dialog.ts
import { Component as Component11, onMounted as onMounted2, useRef as useRef3, useState as useState5 } from "@odoo/owl";
import { Dialog as Dialog2 } from "@web/core/dialog/dialog";
var ReleaseManyDialog = class extends Component11 {
  static template = "milepost.ReleaseManyDialog";
  static components = { Dialog: Dialog2 };
  static props = { outlook: Object, codes: Array, release: Function, close: Function };
  code;
  state;
  setup() {
    this.code = useRef3("code");
    this.state = useState5({ ...newReleaseState(), done: null });
    onMounted2(() => this.code.el?.focus());
  }
  get title() {
    return _t("Release alike holds");
  }
  get freeText() {
    const { free, skipped } = this.props.outlook;
    return _t("%s of %s can be released by you.", free.length, free.length + skipped.length);
  }
  get skipped() {
    return (this.state.done ?? this.props.outlook).skipped;
  }
  get skippedText() {
    return _t("%s stay held:", this.skipped.length);
  }
  get doneText() {
    const { released, agreed } = this.state.done;
    const texts = [_t("%s released.", released.length)];
    if (agreed.length > 0) texts.push(_t("%s wait for a second person to agree.", agreed.length));
    return texts.join(" ");
  }
  get confirmText() {
    return _t("Release %s", this.props.outlook.free.length);
  }
  async confirm() {
    this.state.isChecked = true;
    if (!isGiven(this.state) || this.state.isSending) return;
    this.state.isSending = true;
    try {
      const answer = await this.props.release(this.state.code, this.state.text.trim());
      if (typeof answer === "string") this.state.refusal = answer;
      else if (answer.skipped.length > 0) this.state.done = answer;
      else this.props.close();
    } finally {
      this.state.isSending = false;
    }
  }
};

// web/invoice_holds/hold_releases.ts
var HoldReleases = class {
  #feed;
  #services;
  #onDone;
  constructor(feed, services, onDone) {
    this.#feed = feed;
    this.#services = services;
    this.#onDone = onDone;
  }
  one = (line) => {
    const codes = this.#codes();
    if (codes === null) return;
    this.#services.dialog.add(ReleaseDialog, {
      line,
      codes,
      release: (code, text) => this.#releaseOne(line, code, text)
    });
  };
  /** First it is told which of them stay, and why; then they go with one code and text. */
  many = async (ids) => {
    const codes = this.#codes();
    if (codes === null) return;
    const { orm, dialog } = this.#services;
    const outlook = await orm.call("milepost.hold", "release_outlook", [ids]);
    dialog.add(ReleaseManyDialog, {
      outlook,
      codes,
      release: (code, text) => this.#releaseMany(outlook.free, code, text)
    });
  };
  /** Null for whoever decides on nothing. */
  #codes() {
    const { answer } = this.#feed.state;
    return answer === null || answer.role === false ? null : answer.release_codes;
  }
  /** Gives the server's refusal, null when the money is free. */
  async #releaseOne(line, code, text) {
    const { orm } = this.#services;
    const done = await asked(
      orm.call("milepost.hold", "action_release", [[line.id]], { code, text })
    );
    if ("refusal" in done) return done.refusal;
    const waits = line.people > 1 && line.agreed.length === 0;
    this.#services.notification.add(
      waits ? _t("You agreed. A second person must agree too.") : _t("Released"),
      { type: waits ? "info" : "success" }
    );
    await this.#feed.retry();
    return null;
  }
  async #releaseMany(ids, code, text) {
    const { orm } = this.#services;
    const done = await asked(orm.call("milepost.hold", "release_alike", [ids, code, text]));
    if ("refusal" in done) return done.refusal;
    const { released } = done.answer;
    this.#services.notification.add(_t("%s released", released.length), { type: "success" });
    this.#onDone();
    await this.#feed.retry();
    return done.answer;
  }
};
function useHoldReleases(feed, onDone) {
  const services = {
    dialog: useService4("dialog"),
    notification: useService4("notification"),
    orm: useService4("orm")
  };
  return new HoldReleases(feed, services, onDone);
}

// web/invoice_holds/hold_board/hold_board.ts
var HoldBoard = class extends Component12 {
  static template = "milepost.HoldBoard";
  static components = { HoldGroupView, Layout: Layout2, LiveMark, Notice: Notice3, SearchBar: SearchBar2 };
  static props = {
    domain: Array,
    shown: { type: Object, optional: true },
    updateActionState: { type: Function, optional: true }
  };
  action;
  orm;
  feed;
  releases;
  root;
  searchBarToggler;
  state;
  totalsText = totalsText;
  url;
  setup() {
    this.action = useService5("action");
    this.orm = useService5("orm");
    this.root = useRef4("root");
    this.searchBarToggler = useSearchBarToggler2();
    this.state = useState6({ folded: {}, focusedId: null, selected: /* @__PURE__ */ new Set() });
    const { side, group } = this.props.shown ?? {
      side: chosenInUrl("side", SIDES) ?? "ar",
      group: chosenInUrl("group", GROUPINGS) ?? "reason"
    };
    this.feed = useHoldFeed(side, group);
    useSetupAction({
      getLocalState: () => ({
        shown: { side: this.feed.state.side, group: this.feed.state.group }
      })
    });
    this.releases = useHoldReleases(this.feed, () => this.state.selected.clear());
    this.url = useUrlState(this.props.updateActionState);
    useBoardKeys2({
      root: this.root,
      help: () => [...movingHelp(), ...this.ownKeys],
      focusFirst: () => {
        if (this.tabStopId !== null) this.lineOf(this.tabStopId)?.focus();
      }
    });
    this.keepFocus();
    onWillStart2(() => void this.feed.search(this.props.domain));
    onWillUpdateProps2((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }
  /** A hold that goes takes the keyboard's focus with it, unless its neighbour gets it. */
  keepFocus() {
    let next = null;
    let focused = null;
    onWillPatch(() => {
      const line = this.root.el?.querySelector("[data-hold-id]:focus-within");
      focused = line ? Number(line.dataset["holdId"]) : null;
      next = focused === null ? null : this.besideInDocument(focused);
    });
    onPatched(() => {
      if (focused === null || document.activeElement !== document.body) return;
      (this.lineOf(focused) ?? (next === null ? null : this.lineOf(next)))?.focus();
    });
  }
  besideInDocument(id) {
    const lines = [...this.root.el?.querySelectorAll("[data-hold-id]") ?? []];
    const ids = lines.map((line) => Number(line.dataset["holdId"]));
    return neighbour([ids], id, "down") ?? neighbour([ids], id, "up");
  }
  // What is shown
  get retry() {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : void 0;
  }
  get sideLooks() {
    return [
      { key: "ar", title: _t("Customer invoices"), icon: "fa-arrow-circle-o-down" },
      { key: "ap", title: _t("Carrier bills"), icon: "fa-truck" }
    ];
  }
  get groupings() {
    return [
      { key: "reason", title: _t("Reason") },
      { key: "customer", title: _t("Customer") },
      { key: "carrier", title: _t("Carrier") },
      { key: "release", title: _t("Who can release") }
    ];
  }
  sideOf(key) {
    return this.feed.state.answer?.sides.find((side) => side.key === key);
  }
  get groups() {
    return this.feed.state.answer?.groups ?? [];
  }
  get emptyText() {
    return this.feed.state.side === "ar" ? {
      title: _t("No customer invoice is held"),
      text: _t("All that was delivered and proven can be billed. Holds appear by themselves.")
    } : {
      title: _t("No carrier bill is held"),
      text: _t("All that carriers billed is as expected. Holds appear by themselves.")
    };
  }
  isFolded(group) {
    return this.state.folded[group.key] ?? false;
  }
  toggleFold = (key) => {
    this.state.folded[key] = !this.state.folded[key];
  };
  get visibleLines() {
    return this.groups.flatMap((group) => this.isFolded(group) ? [] : group.holds);
  }
  /** The one line that the Tab key reaches: the focused one, else the first. */
  get tabStopId() {
    const lines = this.visibleLines;
    const known = lines.find((line) => line.id === this.state.focusedId);
    return (known ?? lines[0])?.id ?? null;
  }
  // What the user does
  showSide(side) {
    this.state.folded = {};
    this.state.selected.clear();
    this.url.set({ side });
    void this.feed.show(side, this.feed.state.group);
  }
  showGroups(group) {
    this.state.folded = {};
    this.url.set({ group });
    void this.feed.show(this.feed.state.side, group);
  }
  showMore = (key) => this.feed.showMore(key);
  onFocus = (id) => {
    this.state.focusedId = id;
  };
  openHold = (line) => this.openForm("milepost.hold", line.id);
  openShipment = (line) => {
    if (line.shipment_id !== false) this.openForm("milepost.shipment", line.shipment_id);
    else if (line.carrier_invoice_id !== false) {
      this.openForm("milepost.carrier.invoice", line.carrier_invoice_id);
    }
  };
  openForm(model, id) {
    void this.action.doAction({
      type: "ir.actions.act_window",
      res_model: model,
      res_id: id,
      views: [[false, "form"]]
    });
  }
  /** Every hold with its history, for what the board does not show. */
  openList() {
    void this.action.doAction("milepost_billing.action_milepost_hold");
  }
  releaseMany = async (ids) => {
    await this.releases.many(ids);
  };
  toggle(id) {
    if (!this.state.selected.delete(id)) this.state.selected.add(id);
  }
  get selectedText() {
    return _t("%s selected", this.state.selected.size);
  }
  review = async (line) => {
    if (!line.may_review) return;
    await this.orm.call("milepost.hold", "action_review", [[line.id]]);
    await this.feed.retry();
  };
  /** Opens what mends the cause; what it cleared is gone when the dialog closes. */
  fix = async (line) => {
    if (line.fix === false) return;
    const action = await this.orm.call("milepost.hold", "action_fix", [[line.id]]);
    await this.action.doAction(action, { onClose: () => void this.feed.retry() });
  };
  onKeydown(event) {
    const target = event.target;
    const line = this.visibleLines.find(({ id }) => String(id) === target.dataset["holdId"]);
    if (line === void 0 || isChord(event)) return;
    const acts = {
      Enter: () => this.openHold(line),
      r: () => {
        if (this.state.selected.size === 0) this.releases.one(line);
        else void this.releaseMany([...this.state.selected]);
      },
      x: () => this.toggle(line.id),
      v: () => void this.review(line),
      o: () => this.openShipment(line),
      f: () => void this.fix(line)
    };
    const direction = directionOf(event.key);
    const act = acts[event.key];
    if (act === void 0 && direction === null) return;
    event.preventDefault();
    if (act !== void 0) return act();
    const ids = this.visibleLines.map(({ id }) => id);
    const next = direction === null ? null : neighbour([ids], line.id, direction);
    if (next !== null) this.lineOf(next)?.focus();
  }
  /** What the board's own keys do. */
  get ownKeys() {
    return [
      { keys: ["Enter"], text: _t("Open the hold") },
      { keys: ["x"], text: _t("Select, or no longer") },
      { keys: ["r"], text: _t("Release it, or all that are selected") },
      { keys: ["v"], text: _t("Take it up for review") },
      { keys: ["f"], text: _t("Mend the cause") },
      { keys: ["o"], text: _t("Open the shipment") }
    ];
  }
  lineOf(id) {
    return this.root.el?.querySelector(`[data-hold-id="${id}"]`) ?? null;
  }
};

// web/invoice_holds/invoice_holds.ts
var InvoiceHolds = class extends Component13 {
  static template = "milepost.InvoiceHolds";
  static components = { HoldBoard, Notice: Notice4, WithSearch: WithSearch2 };
  static props = { ...standardActionServiceProps2 };
  search;
  setup() {
    this.search = useSearchSetup2(this.props, { model: "milepost.hold" });
  }
};

// web/invoice_holds/hold_remark.ts
function holdRemark(row) {
  const count = row.open_hold_count;
  return count > 0 ? {
    key: "hold",
    icon: "fa-lock",
    text: count === 1 ? _t("Invoice hold") : _t("%s holds", count),
    tone: "muted"
  } : null;
}

// web/invoice_holds/stake_remark.ts
function stakeRemark(row) {
  const { at_stake_amount: amount, at_stake_currency_id: currency } = row;
  if (!row.issue || !(amount > 0)) return null;
  const money = moneyText({ amount, currency_id: currency });
  return { key: "stake", icon: "fa-money", text: _t("%s at stake", money), tone: "muted" };
}

// web/milepost_billing.ts
var actions = registry.category("actions");
actions.add("milepost.billing_lag", BillingLag);
actions.add("milepost.invoice_holds", InvoiceHolds);
registry.category("milepost.shipment_remarks").add("stake", stakeRemark, { sequence: 7 }).add("hold", holdRemark, { sequence: 50 });
