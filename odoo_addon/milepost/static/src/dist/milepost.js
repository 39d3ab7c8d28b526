// Generated from web/ by `npm run build`; do not edit.

// web/main.ts
import { registry } from "@web/core/registry";

// web/billing_lag/billing_lag.ts
import { Component as Component8 } from "@odoo/owl";
import { WithSearch } from "@web/search/with_search/with_search";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

// web/components/notice/notice.ts
import { Component } from "@odoo/owl";

// web/translation.ts
import { _t } from "@web/core/l10n/translation";

// web/components/notice/notice.ts
var Notice = class extends Component {
  static template = "milepost.Notice";
  static props = {
    kind: String,
    title: { type: String, optional: true },
    text: { type: String, optional: true },
    retry: { type: Function, optional: true }
  };
  get title() {
    const titles = {
      refused: _t("You may not see shipments"),
      failed: _t("The board could not be read"),
      empty: ""
    };
    return this.props.title ?? titles[this.props.kind];
  }
  get text() {
    const texts = {
      refused: _t("Ask your administrator for one of the Milepost roles."),
      failed: _t("Odoo did not answer. The board tries again by itself."),
      empty: ""
    };
    return this.props.text ?? texts[this.props.kind];
  }
};

// web/components/search_setup.ts
import { onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

// web/components/server_error.ts
var REFUSALS = /* @__PURE__ */ new Set([
  "odoo.exceptions.AccessError",
  "odoo.exceptions.UserError",
  "odoo.exceptions.ValidationError"
]);
function serverError(error) {
  if (typeof error !== "object" || error === null) return null;
  if ("exceptionName" in error) return error;
  return "cause" in error ? serverError(error.cause) : null;
}
function isAccessError(error) {
  return serverError(error)?.exceptionName === "odoo.exceptions.AccessError";
}
function refusalText(error) {
  const found = serverError(error);
  if (found === null || !REFUSALS.has(found.exceptionName)) return null;
  return found.data?.message ?? null;
}

// web/components/search_setup.ts
function useSearchSetup(props, wanted) {
  const { model, labelled } = wanted;
  const view = useService("view");
  const field = useService("field");
  const context = props.action.context ?? {};
  const setup = useState({ refused: false, withSearchProps: {} });
  const load = async () => {
    const fieldNames = [...labelled?.fieldNames ?? []];
    const [descriptions, fields] = await Promise.all([
      view.loadViews(
        { resModel: model, context, views: [[false, "search"]] },
        { actionId: props.action.id ?? false, loadIrFilters: true }
      ),
      fieldNames.length === 0 ? {} : field.loadFields(model, { fieldNames, attributes: ["selection"] })
    ]);
    const { search } = descriptions.views;
    labelled?.onFields(fields);
    setup.withSearchProps = {
      resModel: model,
      context,
      searchViewArch: search.arch,
      searchViewFields: descriptions.fields,
      searchViewId: search.id,
      irFilters: search.irFilters ?? [],
      activateFavorite: true,
      searchMenuTypes: ["filter", "favorite"],
      ...props.globalState === void 0 ? {} : { globalState: props.globalState }
    };
  };
  onWillStart(async () => {
    try {
      await load();
    } catch (error) {
      if (!isAccessError(error)) throw error;
      setup.refused = true;
    }
  });
  return setup;
}

// web/billing_lag/lag_board/lag_board.ts
import { Component as Component7, onWillStart as onWillStart2, onWillUpdateProps } from "@odoo/owl";
import { useService as useService4 } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";

// web/components/moments.ts
import { deserializeDateTime } from "@web/core/l10n/dates";
var MINUTES_OF_DAY = 24 * 60;
function instant(value) {
  return value === false ? null : deserializeDateTime(value);
}
function clockText(value, now) {
  const at = instant(value);
  if (at === null) return "";
  const time = at.toLocaleString({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (at.hasSame(now, "day")) return time;
  const days = Math.abs(at.startOf("day").diff(now.startOf("day"), "days").days);
  const day = days < 7 ? at.toLocaleString({ weekday: "short" }) : at.toLocaleString({ day: "numeric", month: "short" });
  return `${day} ${time}`;
}
function fullText(value) {
  const at = instant(value);
  return at === null ? "" : at.toLocaleString({
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short"
  });
}
function localClockText(value, zone) {
  const at = instant(value);
  if (at === null || zone === false) return "";
  const there = at.setZone(zone);
  if (!there.isValid || there.offset === at.offset) return "";
  const time = there.toLocaleString({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return _t("%s local", time);
}
function ageText(value, now) {
  const at = instant(value);
  if (at === null) return "";
  const minutes = Math.floor(now.diff(at, "minutes").minutes);
  if (minutes < 1) return _t("now");
  if (minutes < 60) return _t("%s min", minutes);
  if (minutes < 2 * MINUTES_OF_DAY) return _t("%s h", Math.floor(minutes / 60));
  return _t("%s d", Math.floor(minutes / MINUTES_OF_DAY));
}
function durationText(minutes) {
  const total = Math.abs(Math.round(minutes));
  if (total < 60) return _t("%s min", total);
  if (total < MINUTES_OF_DAY) {
    const rest = total % 60;
    const hours2 = Math.floor(total / 60);
    return rest === 0 ? _t("%s h", hours2) : _t("%s h %s", hours2, String(rest).padStart(2, "0"));
  }
  const days = Math.floor(total / MINUTES_OF_DAY);
  const hours = Math.floor(total % MINUTES_OF_DAY / 60);
  return hours === 0 ? _t("%s d", days) : _t("%s d %s h", days, hours);
}

// web/billing_lag/aging/aging.ts
import { Component as Component2 } from "@odoo/owl";

// web/components/money.ts
import { formatCurrency } from "@web/core/currency";
function moneyText(money) {
  return formatCurrency(money.amount, money.currency_id);
}
function totalsText(totals) {
  return totals.map(moneyText).join(" + ");
}

// web/billing_lag/aging/aging.ts
var Aging = class extends Component2 {
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
import { Component as Component3 } from "@odoo/owl";
var FigureTile = class extends Component3 {
  static template = "milepost.FigureTile";
  static props = { figure: Object, open: Function };
};

// web/billing_lag/hold_pareto/hold_pareto.ts
import { Component as Component4 } from "@odoo/owl";

// web/billing_lag/lag_words.ts
var NOTHING = "–";
function hoursText(hours) {
  return hours === null ? NOTHING : durationText(Number(hours) * 60);
}
function percentText(value) {
  return value === null ? NOTHING : `${value} %`;
}
function partLooks() {
  return {
    carrier_reporting: {
      title: _t("Carrier reporting"),
      hint: _t("From the delivery until the carrier's word of it reached the bridge")
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
          _t("Ready to bill without a hold ever, of all that are ready")
        ),
        rate(
          "missing_pod",
          _t("Missing proofs"),
          kpis.missing_pod,
          _t("Without a validated proof after it was due, of all that need one")
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
          _t("Released though nothing had changed, of all that people released")
        ),
        {
          key: "late_charge_leak",
          title: _t("Late-charge leak"),
          value: money(kpis.late_charge_leak.amount),
          over: _t("%s charges", kpis.late_charge_leak.n),
          hint: _t("Late costs that were to be passed on and were given up")
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
          _t("Approved without anybody's action, of all that are approved")
        ),
        rate(
          "charge_exceptions",
          _t("Charge exceptions"),
          kpis.charge_exceptions,
          _t("Carrier invoices with a hold, of all that matched these shipments")
        ),
        value(
          "charge_exception_value",
          _t("Exception value"),
          kpis.charge_exception_value,
          _t("Variances that were held, of all that carriers billed")
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
          hint: _t("From an event to Odoo's knowing it")
        },
        rate(
          "completeness",
          _t("Completeness"),
          kpis.completeness,
          _t("Stops that were heard of, of all that were planned")
        )
      ]
    }
  ];
}

// web/billing_lag/hold_pareto/hold_pareto.ts
var HoldPareto = class extends Component4 {
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
import { useState as useState2 } from "@odoo/owl";
import { useService as useService3 } from "@web/core/utils/hooks";

// web/components/live_feed.ts
import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser as browser2 } from "@web/core/browser/browser";
import { useBus, useService as useService2 } from "@web/core/utils/hooks";

// web/components/live_reader.ts
import { browser } from "@web/core/browser/browser";
var DELAY_MS = 60;
var LiveReader = class {
  #read;
  #timer;
  #delay = DELAY_MS;
  #reading = false;
  #again = false;
  #stopped = false;
  /** `read` handles its own errors. */
  constructor(read) {
    this.#read = read;
  }
  /** Something changed: what is shown is read again soon. */
  notice() {
    if (this.#stopped || this.#timer !== void 0) return;
    if (this.#reading || document.hidden) {
      this.#again = true;
      return;
    }
    this.#timer = browser.setTimeout(() => {
      this.#timer = void 0;
      void this.#run();
    }, this.#delay);
  }
  /** The page is seen again: what was noticed meanwhile is read. */
  wake() {
    if (!this.#again || this.#reading) return;
    this.#again = false;
    this.notice();
  }
  stop() {
    this.#stopped = true;
    browser.clearTimeout(this.#timer);
  }
  async #run() {
    const start = performance.now();
    this.#reading = true;
    try {
      await this.#read();
    } finally {
      this.#reading = false;
      this.#delay = Math.max(DELAY_MS, performance.now() - start);
      this.wake();
    }
  }
};

// web/components/live_feed.ts
var TICK_MS = 3e4;
var LiveFeed = class {
  state;
  reader = new LiveReader(() => this.#refresh());
  #orm;
  #turn = 0;
  constructor(orm, state) {
    this.#orm = orm;
    this.state = state;
  }
  /** These records changed; null: any may have. */
  onChanged(_ids) {
  }
  /** Reads while the user waits; a fault is shown in place of the board. */
  async retry() {
    this.state.isReading = true;
    try {
      await this.#read(this.#orm, false);
      this.state.fault = null;
    } catch (error) {
      this.state.fault = isAccessError(error) ? "refused" : "failed";
    }
    this.state.isReading = false;
  }
  /** Reads what the user asked for beside what is shown; tells whether Odoo answered. */
  async extend() {
    try {
      await this.#read(this.#orm, false);
      return true;
    } catch {
      this.state.isLive = false;
      return false;
    }
  }
  onNotice(ids) {
    this.onChanged(ids);
    this.reader.notice();
  }
  /** What happened while the line was down was not notified. */
  onConnected() {
    this.state.isLive = true;
    this.onChanged(null);
    this.reader.notice();
  }
  /** A read in the background: a fault must not interrupt the user, but must be seen. */
  async #refresh() {
    try {
      await this.#read(this.#orm.silent, true);
      this.state.isLive = true;
      this.state.fault = null;
    } catch {
      this.state.isLive = false;
    }
  }
  async #read(orm, isRefresh) {
    const turn = ++this.#turn;
    const answer = await this.ask(orm);
    if (turn === this.#turn) this.accept(answer, isRefresh);
  }
};
function useLiveLine(type, feed) {
  const bus = useService2("bus_service");
  const onNotice = ({ ids }) => feed.onNotice(ids);
  bus.subscribe(type, onNotice);
  void bus.start();
  useBus(bus, "BUS:DISCONNECT", () => feed.state.isLive = false);
  useBus(bus, "BUS:CONNECT", () => feed.onConnected());
  useBus(bus, "BUS:RECONNECT", () => feed.onConnected());
  useExternalListener(document, "visibilitychange", () => feed.reader.wake());
  const ticker = browser2.setInterval(() => feed.reader.notice(), TICK_MS);
  onWillUnmount(() => {
    bus.unsubscribe(type, onNotice);
    browser2.clearInterval(ticker);
    feed.reader.stop();
  });
}

// web/billing_lag/lag_feed.ts
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
  const state = useState2({ answer: null, isReading: true, isLive: true, fault: null });
  return new LagFeed(useService3("orm"), state);
}

// web/billing_lag/lag_tile/lag_tile.ts
import { Component as Component5 } from "@odoo/owl";
var LagTile = class extends Component5 {
  static template = "milepost.LagTile";
  static props = { figure: String, title: String, lag: Object, open: Function };
  hoursText = hoursText;
  get spreadText() {
    const { p90_hours, mean_hours, n } = this.props.lag;
    return _t("P90 %s · mean %s · n %s", hoursText(p90_hours), hoursText(mean_hours), n);
  }
  get openText() {
    const { open, open_ages_hours: ages } = this.props.lag;
    return _t("%s open, oldest %s", open, hoursText(ages[0] ?? null));
  }
};

// web/billing_lag/waterfall/waterfall.ts
import { Component as Component6 } from "@odoo/owl";
var Waterfall = class extends Component6 {
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
var LagBoard = class extends Component7 {
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
    this.action = useService4("action");
    this.orm = useService4("orm");
    this.searchBarToggler = useSearchBarToggler();
    this.feed = useLagFeed();
    onWillStart2(() => void this.feed.search(this.props.domain));
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
var BillingLag = class extends Component8 {
  static template = "milepost.BillingLag";
  static components = { LagBoard, Notice, WithSearch };
  static props = { ...standardActionServiceProps };
  search;
  setup() {
    this.search = useSearchSetup(this.props, { model: "milepost.shipment" });
  }
};

// web/control_tower/control_tower.ts
import { Component as Component23 } from "@odoo/owl";
import { WithSearch as WithSearch2 } from "@web/search/with_search/with_search";
import { standardActionServiceProps as standardActionServiceProps2 } from "@web/webclient/actions/action_service";

// web/control_tower/board/board.ts
import {
  Component as Component22,
  onPatched,
  onWillPatch,
  onWillStart as onWillStart4,
  onWillUpdateProps as onWillUpdateProps3,
  useExternalListener as useExternalListener2,
  useRef as useRef3,
  useState as useState6
} from "@odoo/owl";
import { browser as browser4 } from "@web/core/browser/browser";
import { useService as useService7 } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout as Layout2 } from "@web/search/layout";
import { SearchBar as SearchBar2 } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler as useSearchBarToggler2 } from "@web/search/search_bar/search_bar_toggler";

// web/control_tower/board_column/board_column.ts
import { Component as Component14 } from "@odoo/owl";

// web/control_tower/more_button/more_button.ts
import { Component as Component9, useState as useState3 } from "@odoo/owl";
var MoreButton = class extends Component9 {
  static template = "milepost.MoreButton";
  static props = { column: Object, showMore: Function };
  state;
  setup() {
    this.state = useState3({ isReading: false });
  }
  get text() {
    return _t("Show more (%s)", this.props.column.count - this.props.column.shipments.length);
  }
  async onClick() {
    this.state.isReading = true;
    try {
      await this.props.showMore(this.props.column.key);
    } finally {
      this.state.isReading = false;
    }
  }
};

// web/components/prop_types.ts
function isIdOrNull(value) {
  return value === null || typeof value === "number";
}
function isObjectOrNull(value) {
  return typeof value === "object";
}

// web/control_tower/shipment_card/shipment_card.ts
import { Component as Component13, useEffect, useRef } from "@odoo/owl";

// web/control_tower/arrival_line/arrival_line.ts
import { Component as Component11 } from "@odoo/owl";

// web/control_tower/lateness_chip/lateness_chip.ts
import { Component as Component10 } from "@odoo/owl";
var NOTABLE_MINUTES = 15;
var LatenessChip = class extends Component10 {
  static template = "milepost.LatenessChip";
  static props = { minutes: Number, isLate: Boolean };
  get tone() {
    return this.props.isLate ? "o_mp_chip_late" : "o_mp_chip_on_time";
  }
  get text() {
    const { minutes, isLate } = this.props;
    if (isLate) return _t("%s late", durationText(minutes));
    return minutes <= -NOTABLE_MINUTES ? _t("%s early", durationText(minutes)) : _t("on time");
  }
};

// web/control_tower/shipment_words.ts
var STATES_AT_REST = /* @__PURE__ */ new Set(["delivered", "partially_delivered", "refused", "returned"]);
function route(row) {
  return [row.origin, row.destination].filter(Boolean).join(" → ");
}
function arrival(row, labels) {
  const isMeasured = row.planned_delivery_at !== false;
  if (row.delivered_at !== false) {
    const label = row.state === "delivered" ? _t("Delivered") : labels.state(row.state);
    return { label, at: row.delivered_at, isMeasured };
  }
  if (row.arrived_delivery_at !== false) {
    return { label: _t("Arrived"), at: row.arrived_delivery_at, isMeasured };
  }
  if (row.eta !== false) return { label: _t("ETA"), at: row.eta, isMeasured };
  return { label: _t("Planned"), at: row.planned_delivery_at, isMeasured: false };
}
function overdueMinutes(row, now) {
  const planned = instant(row.planned_delivery_at);
  if (!row.is_overdue || row.eta !== false || planned === null) return null;
  return now.diff(planned, "minutes").minutes;
}
function lastStep(row, labels) {
  return row.current_milestone === false ? labels.state(row.state) : labels.milestone(row.current_milestone);
}
function trouble(row, column, labels, now) {
  if (column === "exception" && row.exception_code !== false) {
    const reason = row.exception_reason === false ? "" : labels.reason(row.exception_reason);
    const what = labels.milestone(row.exception_code);
    const parts = [what, reason === what ? "" : reason, ageText(row.exception_since, now)];
    const solid = parts.filter((part) => part !== "").map((part) => part.replaceAll(" ", " "));
    return solid.join(" · ");
  }
  if (column === "silent") {
    return row.last_heard_at === false ? _t("Nothing heard so far") : _t("Nothing heard for %s", ageText(row.last_heard_at, now));
  }
  return "";
}
function isTroubleLastStep(row) {
  return row.exception_code !== false && row.exception_code === row.current_milestone;
}
function remarks(row, column) {
  const isSaid = (code) => column === "exception" && row.exception_code === code;
  const found = [
    row.is_lost && !isSaid("lost") && {
      key: "lost",
      icon: "fa-question-circle",
      text: _t("Lost"),
      tone: "danger"
    },
    row.is_damaged && !isSaid("damaged") && {
      key: "damaged",
      icon: "fa-chain-broken",
      text: _t("Damaged"),
      tone: "danger"
    },
    row.is_silent && column !== "silent" && {
      key: "silent",
      icon: "fa-volume-off",
      text: _t("Silent"),
      tone: "warning"
    },
    row.attempt_count > (isSaid("delivery_attempted") ? 1 : 0) && {
      key: "attempts",
      icon: "fa-repeat",
      text: row.attempt_count === 1 ? _t("1 attempt") : _t("%s attempts", row.attempt_count),
      tone: "warning"
    },
    row.open_hold_count > 0 && {
      key: "hold",
      icon: "fa-lock",
      text: row.open_hold_count === 1 ? _t("Invoice hold") : _t("%s holds", row.open_hold_count),
      tone: "muted"
    },
    STATES_AT_REST.has(row.state) && !row.has_pod && { key: "pod", icon: "fa-file-o", text: _t("No POD"), tone: "warning" },
    row.unmapped_count > 0 && {
      key: "unmapped",
      icon: "fa-question",
      text: _t("Unknown code"),
      tone: "muted"
    }
  ];
  return found.filter((remark) => remark !== false);
}

// web/control_tower/arrival_line/arrival_line.ts
var ArrivalLine = class extends Component11 {
  static template = "milepost.ArrivalLine";
  static components = { LatenessChip };
  static props = { row: Object, labels: Object, now: Object };
  clockText = clockText;
  fullText = fullText;
  get arrival() {
    return arrival(this.props.row, this.props.labels);
  }
  get overdueText() {
    const minutes = overdueMinutes(this.props.row, this.props.now);
    return minutes === null ? "" : _t("%s overdue", durationText(minutes));
  }
};

// web/control_tower/remark_list/remark_list.ts
import { Component as Component12 } from "@odoo/owl";
var RemarkList = class extends Component12 {
  static template = "milepost.RemarkList";
  static props = { remarks: Array };
};

// web/components/flash.ts
function flash(element) {
  const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
  if (element === null || still) return;
  const colour = getComputedStyle(element).getPropertyValue("--o-mp-flash");
  element.animate?.([{ boxShadow: `inset 0 0 0 100vmax ${colour}` }, {}], {
    duration: 1400,
    easing: "ease-out"
  });
}

// web/control_tower/shipment_card/shipment_card.ts
var ShipmentCard = class extends Component13 {
  static template = "milepost.ShipmentCard";
  static components = { ArrivalLine, RemarkList };
  static props = {
    row: Object,
    column: String,
    labels: Object,
    now: Object,
    isChanged: Boolean,
    isTabStop: Boolean,
    isOpen: Boolean,
    open: Function,
    onFocus: Function
  };
  fullText = fullText;
  root;
  setup() {
    this.root = useRef("root");
    useEffect(
      (isChanged) => {
        if (isChanged) flash(this.root.el);
      },
      () => [this.props.isChanged, this.props.row.rev]
    );
  }
  /** Without what all numbers of a year share: the customer's name needs the room. */
  get shortNumber() {
    return this.props.row.name.split("/").at(-1) ?? "";
  }
  get hasArrival() {
    return arrival(this.props.row, this.props.labels).at !== false;
  }
  get route() {
    return route(this.props.row);
  }
  get lastStep() {
    return lastStep(this.props.row, this.props.labels);
  }
  get lastStepAge() {
    return ageText(this.props.row.current_milestone_at, this.props.now);
  }
  /** How many stops are done, where there are more than a start and an end. */
  get stopsText() {
    const { stop_count: all, stop_done_count: done } = this.props.row;
    return all > 2 ? _t("%s/%s stops", done, all) : "";
  }
  get trouble() {
    const { row, column, labels, now } = this.props;
    return trouble(row, column, labels, now);
  }
  /** An exception that is itself the last step is not told twice, nor is a delivery in its column. */
  get showsStep() {
    const { row, column } = this.props;
    if (column === "delivered_today") return row.current_milestone !== "delivered";
    return column !== "exception" || !isTroubleLastStep(row);
  }
  get remarks() {
    return remarks(this.props.row, this.props.column);
  }
};

// web/control_tower/board_column/board_column.ts
var BoardColumnView = class extends Component14 {
  static template = "milepost.BoardColumn";
  static components = { MoreButton, ShipmentCard };
  static props = {
    column: Object,
    look: Object,
    labels: Object,
    now: Object,
    isFolded: Boolean,
    changed: Object,
    tabStopId: { validate: isIdOrNull },
    openId: { validate: isIdOrNull },
    toggleFold: Function,
    open: Function,
    onFocus: Function,
    showMore: Function
  };
  get foldTitle() {
    return this.props.isFolded ? _t("Unfold") : _t("Fold");
  }
};

// web/control_tower/board_list/board_list.ts
import { Component as Component15 } from "@odoo/owl";

// web/control_tower/shipment_line/shipment_line.ts
var ShipmentLine = class extends ShipmentCard {
  static template = "milepost.ShipmentLine";
  static components = { LatenessChip, RemarkList };
  clockText = clockText;
  get arrival() {
    return arrival(this.props.row, this.props.labels);
  }
  get overdueText() {
    const minutes = overdueMinutes(this.props.row, this.props.now);
    return minutes === null ? "" : _t("%s overdue", durationText(minutes));
  }
  /** Beside the last step only its reason is news. */
  get trouble() {
    const { row, column, labels } = this.props;
    if (column !== "exception" || !isTroubleLastStep(row)) return super.trouble;
    return row.exception_reason === false ? "" : labels.reason(row.exception_reason);
  }
};

// web/control_tower/board_list/board_list.ts
var BoardList = class extends Component15 {
  static template = "milepost.BoardList";
  static components = { MoreButton, ShipmentLine };
  static props = {
    columns: Array,
    looks: Object,
    labels: Object,
    now: Object,
    changed: Object,
    tabStopId: { validate: isIdOrNull },
    openId: { validate: isIdOrNull },
    open: Function,
    onFocus: Function,
    showMore: Function
  };
  get groups() {
    return this.props.columns.filter((column) => column.count > 0);
  }
};

// web/control_tower/column_tabs/column_tabs.ts
import { Component as Component16 } from "@odoo/owl";
var ColumnTabs = class extends Component16 {
  static template = "milepost.ColumnTabs";
  static props = { columns: Array, looks: Object, scrollTo: Function };
};

// web/control_tower/board_data.ts
var COLUMN_KEYS = [
  "exception",
  "late",
  "silent",
  "in_transit",
  "delivered_today",
  "waiting"
];

// web/control_tower/columns.ts
function columnLooks() {
  const looks = {
    exception: {
      title: _t("Exception"),
      icon: "fa-exclamation-triangle",
      tone: "o_mp_tone_danger",
      empty: _t("No exceptions")
    },
    late: {
      title: _t("Late"),
      icon: "fa-clock-o",
      tone: "o_mp_tone_warning",
      empty: _t("Nothing is late")
    },
    silent: {
      title: _t("Silent"),
      icon: "fa-volume-off",
      tone: "o_mp_tone_silent",
      empty: _t("Every shipment was heard of")
    },
    in_transit: {
      title: _t("In transit"),
      icon: "fa-truck",
      tone: "o_mp_tone_info",
      empty: _t("Nothing is on the road")
    },
    delivered_today: {
      title: _t("Delivered today"),
      icon: "fa-check",
      tone: "o_mp_tone_success",
      empty: _t("Nothing yet today")
    },
    waiting: {
      title: _t("Waiting"),
      icon: "fa-hourglass-o",
      tone: "o_mp_tone_muted",
      empty: _t("Nothing waits for a carrier")
    }
  };
  const entries = COLUMN_KEYS.map((key) => [key, { key, ...looks[key] }]);
  return Object.fromEntries(entries);
}

// web/components/live_mark/live_mark.ts
import { Component as Component17 } from "@odoo/owl";
var LiveMark = class extends Component17 {
  static template = "milepost.LiveMark";
  static props = { isLive: Boolean };
  get text() {
    return this.props.isLive ? _t("Live") : _t("Not connected");
  }
  get explanation() {
    return this.props.isLive ? _t("Changes appear by themselves") : _t("The board may be outdated; it is read again as soon as Odoo answers");
  }
};

// web/control_tower/shipment_panel/shipment_panel.ts
import { Component as Component21, onMounted, onWillStart as onWillStart3, onWillUpdateProps as onWillUpdateProps2, useRef as useRef2, useState as useState4 } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService as useService5 } from "@web/core/utils/hooks";

// web/control_tower/fact_list/fact_list.ts
import { Component as Component19 } from "@odoo/owl";

// web/control_tower/fact_item/fact_item.ts
import { Component as Component18 } from "@odoo/owl";
var FactItem = class extends Component18 {
  static template = "milepost.FactItem";
  static props = { fact: Object, labels: Object, now: Object };
  clockText = clockText;
  fullText = fullText;
  /** In our words; the partner's own code while nobody has mapped it. */
  get title() {
    const { fact, labels } = this.props;
    if (fact.code !== false) return labels.milestone(fact.code);
    const conditions = fact.conditions.map((condition) => labels.condition(condition));
    return conditions.length > 0 ? conditions.join(", ") : _t("Unknown code %s", fact.raw_code);
  }
  /** What tells this fact from a plain event that counts. */
  get badges() {
    const { classifier, retracted, superseded } = this.props.fact;
    return [
      classifier === "planned" && _t("planned"),
      classifier === "estimated" && _t("estimated"),
      retracted && _t("withdrawn"),
      superseded && !retracted && _t("corrected")
    ].filter((badge) => badge !== false);
  }
  get detail() {
    const { fact, labels } = this.props;
    const reason = fact.reason === false ? "" : labels.reason(fact.reason);
    return [reason, fact.raw_text || "", fact.place_name || ""].filter(Boolean).join(" · ");
  }
  /** The values of the stop that come from this fact. */
  get provesText() {
    const names = {
      estimated_arrival: _t("expected arrival"),
      arrived_at: _t("arrival"),
      departed_at: _t("departure"),
      completed_at: _t("outcome")
    };
    return this.props.fact.proves.map((value) => names[value]).join(", ");
  }
};

// web/control_tower/fact_list/fact_list.ts
var FactList = class extends Component19 {
  static template = "milepost.FactList";
  static components = { FactItem };
  static props = { facts: Array, labels: Object, now: Object };
  get counting() {
    return this.props.facts.filter((fact) => !fact.superseded && !fact.retracted);
  }
  get outdated() {
    return this.props.facts.filter((fact) => fact.superseded || fact.retracted);
  }
  get outdatedText() {
    return _t("%s corrected or withdrawn", this.outdated.length);
  }
};

// web/control_tower/stop_timeline/stop_timeline.ts
import { Component as Component20 } from "@odoo/owl";
var ICONS = {
  pickup: "fa-cube",
  delivery: "fa-flag-checkered",
  terminal: "fa-building-o",
  customs: "fa-shield"
};
var StopTimeline = class extends Component20 {
  static template = "milepost.StopTimeline";
  static components = { FactList, LatenessChip };
  static props = { stops: Array, labels: Object, now: Object };
  clockText = clockText;
  fullText = fullText;
  localClockText = localClockText;
  icon(stop) {
    if (this.hasFailed(stop)) return "fa-times";
    return stop.state === "done" ? "fa-check" : ICONS[stop.kind];
  }
  /** The truck was there and left with goods that should have stayed. */
  hasFailed(stop) {
    return stop.outcome === "refused" || stop.outcome === "partially_delivered";
  }
  kindText(stop) {
    const names = {
      pickup: _t("Pickup"),
      delivery: _t("Delivery"),
      terminal: _t("Terminal"),
      customs: _t("Customs")
    };
    return names[stop.kind];
  }
  placeText(stop) {
    return [stop.city, stop.country_code].filter(Boolean).join(", ");
  }
  /** What is known, from the plan to what happened. A line without any time is left out. */
  lines(stop) {
    const lines = [
      {
        kind: "planned",
        label: _t("Planned"),
        arrival: stop.planned_arrival || stop.window_end,
        departure: stop.planned_departure
      },
      {
        kind: "estimated",
        label: _t("Estimated"),
        arrival: stop.estimated_arrival,
        departure: false
      },
      {
        kind: "actual",
        label: _t("Actual"),
        arrival: stop.arrived_at || stop.completed_at,
        departure: stop.departed_at
      }
    ];
    return lines.filter((line) => line.arrival !== false || line.departure !== false);
  }
  /** `08:00 – 10:00`, when the stop has a window. */
  windowText(stop) {
    if (stop.window_start === false || stop.window_end === false) return "";
    const [from, until] = [stop.window_start, stop.window_end].map(
      (at) => clockText(at, this.props.now)
    );
    return `${from} – ${until}`;
  }
  /** Lateness is known once there is a forecast or an arrival to hold against the plan. */
  isMeasured(stop) {
    const due = stop.window_end || stop.planned_arrival;
    return due !== false && Boolean(stop.estimated_arrival || stop.arrived_at || stop.completed_at);
  }
};

// web/control_tower/shipment_panel/shipment_panel.ts
var ShipmentPanel = class extends Component21 {
  static template = "milepost.ShipmentPanel";
  static components = { ArrivalLine, FactList, RemarkList, StopTimeline };
  static props = {
    shipmentId: Number,
    revision: Number,
    labels: Object,
    now: { validate: isObjectOrNull },
    close: Function,
    openForm: Function
  };
  clockText = clockText;
  fullText = fullText;
  orm;
  closeButton;
  keepLast = new KeepLast();
  state;
  setup() {
    this.orm = useService5("orm");
    this.closeButton = useRef2("close");
    this.state = useState4({ answer: null, failed: false });
    onWillStart3(() => void this.read(this.props.shipmentId));
    onWillUpdateProps2((next) => {
      const other = next.shipmentId !== this.props.shipmentId;
      if (other || next.revision !== this.props.revision) void this.read(next.shipmentId);
    });
    onMounted(() => {
      if (this.env["isSmall"]) this.closeButton.el?.focus();
    });
  }
  async read(id) {
    try {
      const call = this.orm.silent.call("milepost.shipment", "timeline", [id]);
      this.state.answer = await this.keepLast.add(call);
      this.state.failed = false;
    } catch {
      if (this.state.answer?.shipment.id !== id) this.state.answer = null;
      this.state.failed = true;
    }
  }
  get now() {
    return this.props.now ?? instant(this.state.answer?.now ?? false);
  }
  get hasArrival() {
    const { answer } = this.state;
    return answer !== null && arrival(answer.shipment, this.props.labels).at !== false;
  }
  get route() {
    return this.state.answer === null ? "" : route(this.state.answer.shipment);
  }
  /** The carrier and the system that speaks for it, which often bear one name. */
  get byText() {
    const { carrier, connection } = this.state.answer?.shipment ?? {};
    return [.../* @__PURE__ */ new Set([carrier, connection])].filter(Boolean).join(" · ");
  }
  get heardText() {
    const at = this.state.answer?.shipment.last_heard_at ?? false;
    return at === false ? "" : _t("last heard %s", clockText(at, this.now));
  }
  get trouble() {
    const { answer } = this.state;
    return answer === null ? "" : trouble(answer.shipment, "exception", this.props.labels, this.now);
  }
  get remarks() {
    return this.state.answer === null ? [] : remarks(this.state.answer.shipment, "exception");
  }
  get cleanText() {
    return _t("clean");
  }
  get remarkedText() {
    return _t("with remarks");
  }
  signerText(pod) {
    return pod.signer === false ? _t("No name given") : _t("Signed by %s", pod.signer);
  }
};

// web/control_tower/board/board_feed.ts
import { useState as useState5 } from "@odoo/owl";
import { browser as browser3 } from "@web/core/browser/browser";
import { useService as useService6 } from "@web/core/utils/hooks";

// web/control_tower/board_state.ts
function isSame(a, b) {
  const keys = Object.keys(b);
  return keys.every((key) => a[key] === b[key]);
}
function rowsById(columns) {
  return new Map(columns.flatMap((column) => column.shipments).map((row) => [row.id, row]));
}
function merge(known, answer) {
  const before = rowsById(known);
  const byKey = new Map(answer.columns.map((column) => [column.key, column]));
  const columns = COLUMN_KEYS.map((key) => {
    const column = byKey.get(key) ?? { key, count: 0, shipments: [] };
    const shipments = column.shipments.map((row) => {
      const old = before.get(row.id);
      return old !== void 0 && isSame(old, row) ? old : row;
    });
    return { key, count: column.count, shipments };
  });
  const changed = [...rowsById(columns).values()].filter((row) => before.get(row.id)?.rev !== row.rev).map((row) => row.id);
  return { columns, changed };
}

// web/control_tower/board/board_feed.ts
var CHANGED = "milepost.shipment/changed";
var PAGE = 80;
var MARK_MS = 2e3;
var BoardFeed = class extends LiveFeed {
  #listener;
  #domain = [];
  /** Columns of which more than a page is shown. */
  #limits = {};
  constructor(orm, state, listener) {
    super(orm, state);
    this.#listener = listener;
  }
  /** Shows what the domain finds, from the first page on. */
  async search(domain) {
    this.#domain = domain;
    this.#limits = {};
    await this.retry();
    this.state.changed.clear();
  }
  async showMore(key) {
    const before = this.#limits;
    this.#limits = { ...before, [key]: (before[key] ?? PAGE) + PAGE };
    if (!await this.extend()) this.#limits = before;
  }
  ask(orm) {
    const args = [this.#domain, PAGE, this.#limits];
    return orm.call("milepost.shipment", "control_tower", args);
  }
  accept(answer, isRefresh) {
    const { columns, changed } = merge(this.state.columns, answer);
    this.state.columns = columns;
    this.state.now = instant(answer.now);
    if (isRefresh) this.#mark(changed);
  }
  onChanged(ids) {
    this.#listener.onChanged(ids);
  }
  #mark(ids) {
    if (ids.length === 0) return;
    for (const id of ids) this.state.changed.add(id);
    browser3.setTimeout(() => {
      for (const id of ids) this.state.changed.delete(id);
    }, MARK_MS);
  }
};
function useBoardFeed(listener) {
  const state = useState5({
    columns: [],
    now: null,
    changed: /* @__PURE__ */ new Set(),
    isReading: true,
    isLive: true,
    fault: null
  });
  const feed = new BoardFeed(useService6("orm"), state, listener);
  useLiveLine(CHANGED, feed);
  return feed;
}

// web/components/keys.ts
var DIRECTIONS = /* @__PURE__ */ new Map([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["Home", "first"],
  ["End", "last"]
]);
function directionOf(key) {
  return DIRECTIONS.get(key) ?? null;
}
function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true]") !== null;
}
function isChord(event) {
  return event.ctrlKey || event.altKey || event.metaKey;
}
function neighbour(columns, from, direction) {
  const filled = columns.filter((ids) => ids.length > 0);
  const at = filled.findIndex((ids) => ids.includes(from));
  const here = filled[at];
  if (here === void 0) return filled[0]?.[0] ?? null;
  const row = here.indexOf(from);
  if (direction === "first") return here[0] ?? null;
  if (direction === "last") return here.at(-1) ?? null;
  if (direction === "up" || direction === "down") {
    return here[row + (direction === "up" ? -1 : 1)] ?? null;
  }
  const beside = filled[at + (direction === "left" ? -1 : 1)];
  return beside === void 0 ? null : beside[Math.min(row, beside.length - 1)] ?? null;
}

// web/control_tower/board/board.ts
var LAYOUT_SETTING = "milepost.control_tower.layout";
var Board = class extends Component22 {
  static template = "milepost.Board";
  static components = {
    BoardColumnView,
    BoardList,
    ColumnTabs,
    Layout: Layout2,
    LiveMark,
    Notice,
    SearchBar: SearchBar2,
    ShipmentPanel
  };
  static props = {
    domain: Array,
    labels: Object,
    openId: { type: Number, optional: true }
  };
  action;
  feed;
  looks;
  root;
  searchBarToggler;
  state;
  setup() {
    this.action = useService7("action");
    this.looks = columnLooks();
    this.root = useRef3("root");
    this.searchBarToggler = useSearchBarToggler2();
    this.state = useState6({
      layout: browser4.localStorage.getItem(LAYOUT_SETTING) === "list" ? "list" : "columns",
      folded: {},
      focusedId: null,
      openId: this.props.openId ?? null,
      openRevision: 0
    });
    this.feed = useBoardFeed({ onChanged: (ids) => this.onChanged(ids) });
    useSetupAction({
      getLocalState: () => this.state.openId === null ? {} : { openId: this.state.openId }
    });
    useExternalListener2(window, "keydown", (event) => this.onWindowKeydown(event));
    this.keepFocus();
    onWillStart4(() => void this.feed.search(this.props.domain));
    onWillUpdateProps3((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }
  /** A card that moves to another column is drawn anew: the keyboard's focus goes with it. */
  keepFocus() {
    let focused = null;
    onWillPatch(() => {
      const card = this.root.el?.querySelector("[data-shipment-id]:focus");
      focused = card ? Number(card.dataset["shipmentId"]) : null;
    });
    onPatched(() => {
      if (focused !== null && document.activeElement === document.body) {
        this.cardOf(focused)?.focus({ preventScroll: true });
      }
    });
  }
  onChanged(ids) {
    const { openId } = this.state;
    if (openId !== null && (ids === null || ids.includes(openId))) this.state.openRevision += 1;
  }
  // What is shown
  /** Whoever may not read it gains nothing by asking again. */
  get retry() {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : void 0;
  }
  get emptyText() {
    return {
      title: _t("No shipments here"),
      text: _t("Confirm a delivery, or change the search. Shipments appear by themselves.")
    };
  }
  get isEmpty() {
    return this.feed.state.columns.every((column) => column.count === 0);
  }
  isFolded(column) {
    if (this.env["isSmall"]) return false;
    return this.state.folded[column.key] ?? column.count === 0;
  }
  toggleFold = (key) => {
    const column = this.feed.state.columns.find((one) => one.key === key);
    if (column !== void 0) this.state.folded[key] = !this.isFolded(column);
  };
  setLayout(layout) {
    this.state.layout = layout;
    browser4.localStorage.setItem(LAYOUT_SETTING, layout);
  }
  /** The one card that the Tab key reaches: the focused one, else the first. */
  get tabStopId() {
    const ids = this.visibleIds.flat();
    const { focusedId } = this.state;
    return focusedId !== null && ids.includes(focusedId) ? focusedId : ids[0] ?? null;
  }
  /** The shipments as the arrow keys go through them; a list is one column. */
  get visibleIds() {
    const { columns } = this.feed.state;
    const idsOf = (column) => column.shipments.map((row) => row.id);
    if (this.state.layout === "list") return [columns.flatMap(idsOf)];
    return columns.filter((column) => !this.isFolded(column)).map(idsOf);
  }
  // What the user does
  openPanel = (id) => {
    this.state.openId = id;
    this.state.focusedId = id;
  };
  closePanel = () => {
    this.state.openId = null;
    this.focusCard(this.state.focusedId);
  };
  openForm = (id) => {
    void this.action.doAction({
      type: "ir.actions.act_window",
      res_model: "milepost.shipment",
      res_id: id,
      views: [[false, "form"]]
    });
  };
  onFocus = (id) => {
    this.state.focusedId = id;
  };
  showMore = (key) => this.feed.showMore(key);
  scrollToColumn = (key) => {
    const column = this.root.el?.querySelector(`[data-column="${key}"]`);
    column?.scrollIntoView({ behavior: "smooth", inline: "start", block: "nearest" });
  };
  onKeydown(event) {
    if (event.key === "Escape" && this.state.openId !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.closePanel();
      return;
    }
    const card = event.target.closest("[data-shipment-id]");
    if (card === null || isChord(event)) return;
    const id = Number(card.dataset["shipmentId"]);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.enter(id);
      return;
    }
    const direction = directionOf(event.key);
    if (direction === null) return;
    event.preventDefault();
    const next = neighbour(this.visibleIds, id, direction);
    if (next === null) return;
    this.focusCard(next);
    if (this.state.openId !== null) this.openPanel(next);
  }
  /** The first Enter opens the panel, the second one goes into it. */
  enter(id) {
    if (this.state.openId !== id) this.openPanel(id);
    else this.root.el?.querySelector(".o_mp_panel")?.focus();
  }
  /** Keys that work wherever the focus is, unless somebody types. */
  onWindowKeydown(event) {
    if (event.defaultPrevented || isChord(event)) return;
    if (isTyping(event.target)) return;
    if (event.key === "/") {
      const board = this.root.el?.closest(".o_mp_control_tower");
      const input = board?.querySelector(".o_searchview_input");
      if (!input) return;
      event.preventDefault();
      input.focus();
    } else if (event.target === document.body && directionOf(event.key) !== null) {
      event.preventDefault();
      this.focusCard(this.tabStopId);
    }
  }
  focusCard(id) {
    if (id !== null) this.cardOf(id)?.focus();
  }
  cardOf(id) {
    return this.root.el?.querySelector(`[data-shipment-id="${id}"]`) ?? null;
  }
};

// web/control_tower/labels.ts
var LABELLED_FIELDS = ["state", "current_milestone", "exception_reason"];
function labelsOf(fields) {
  const names = (field) => new Map(fields[field]?.selection ?? []);
  const states = names("state");
  const milestones = names("current_milestone");
  const reasons = names("exception_reason");
  const conditions = /* @__PURE__ */ new Map([
    ["damaged", _t("Damaged")],
    ["lost", _t("Lost")],
    ["pod_available", _t("Proof of delivery available")],
    ["departed_delivery", _t("Departed from delivery")]
  ]);
  return {
    state: (code) => states.get(code) ?? code,
    milestone: (code) => milestones.get(code) ?? conditions.get(code) ?? code,
    reason: (code) => reasons.get(code) ?? code,
    condition: (code) => conditions.get(code) ?? code
  };
}

// web/control_tower/control_tower.ts
var ControlTower = class extends Component23 {
  static template = "milepost.ControlTower";
  static components = { Board, Notice, WithSearch: WithSearch2 };
  static props = { ...standardActionServiceProps2 };
  labels;
  search;
  setup() {
    this.search = useSearchSetup(this.props, {
      model: "milepost.shipment",
      labelled: {
        fieldNames: LABELLED_FIELDS,
        onFields: (fields) => this.labels = labelsOf(fields)
      }
    });
  }
};

// web/invoice_holds/invoice_holds.ts
import { Component as Component28 } from "@odoo/owl";
import { WithSearch as WithSearch3 } from "@web/search/with_search/with_search";
import { standardActionServiceProps as standardActionServiceProps3 } from "@web/webclient/actions/action_service";

// web/invoice_holds/hold_board/hold_board.ts
import {
  Component as Component27,
  onPatched as onPatched2,
  onWillPatch as onWillPatch2,
  onWillStart as onWillStart5,
  onWillUpdateProps as onWillUpdateProps4,
  useExternalListener as useExternalListener3,
  useRef as useRef5,
  useState as useState10
} from "@odoo/owl";
import { useService as useService9 } from "@web/core/utils/hooks";
import { useSetupAction as useSetupAction2 } from "@web/search/action_hook";
import { Layout as Layout3 } from "@web/search/layout";
import { SearchBar as SearchBar3 } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler as useSearchBarToggler3 } from "@web/search/search_bar/search_bar_toggler";

// web/invoice_holds/hold_feed.ts
import { useState as useState7 } from "@odoo/owl";
import { useService as useService8 } from "@web/core/utils/hooks";
var CHANGED2 = "milepost.hold/changed";
var PAGE2 = 40;
var HoldFeed = class extends LiveFeed {
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
    this.#limits = { ...before, [key]: (before[key] ?? PAGE2) + PAGE2 };
    if (!await this.extend()) this.#limits = before;
  }
  #startOver() {
    this.#limits = {};
    return this.retry();
  }
  ask(orm) {
    const { side, group } = this.state;
    const options = { domain: this.#domain, side, group, limit: PAGE2, limits: this.#limits };
    return orm.call("milepost.hold", "hold_board", [], options);
  }
  accept(answer) {
    this.state.answer = answer;
    this.state.now = instant(answer.now);
  }
};
function useHoldFeed(side, group) {
  const state = useState7({
    answer: null,
    now: null,
    side,
    group,
    isReading: true,
    isLive: true,
    fault: null
  });
  const feed = new HoldFeed(useService8("orm"), state);
  useLiveLine(CHANGED2, feed);
  return feed;
}

// web/invoice_holds/hold_group/hold_group.ts
import { Component as Component25, useState as useState8 } from "@odoo/owl";

// web/invoice_holds/hold_line/hold_line.ts
import { Component as Component24 } from "@odoo/owl";
var HoldLineView = class extends Component24 {
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
    fix: Function
  };
  ageText = ageText;
  fullText = fullText;
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
    if (state === "rejected") return _t("Upheld");
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
  /** A bill that matches no shipment is opened itself. */
  get openText() {
    return this.props.line.shipment_id === false ? _t("Open the bill (O)") : _t("Open the shipment (O)");
  }
  /** What mends the cause, as an action. */
  get fixText() {
    const texts = { proof: _t("Supply proof"), quantities: _t("Decide"), bill: _t("Open bill") };
    const { fix } = this.props.line;
    return fix === false ? "" : texts[fix];
  }
};

// web/invoice_holds/hold_group/hold_group.ts
var HoldGroupView = class extends Component25 {
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
    fix: Function
  };
  fullText = fullText;
  totalsText = totalsText;
  state;
  setup() {
    this.state = useState8({ isReading: false });
  }
  get oldestText() {
    return _t("oldest %s", ageText(this.props.group.oldest, this.props.now));
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

// web/invoice_holds/release_dialog/release_dialog.ts
import { Component as Component26, onMounted as onMounted2, useRef as useRef4, useState as useState9 } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
var ReleaseDialog = class extends Component26 {
  static template = "milepost.ReleaseDialog";
  static components = { Dialog };
  static props = { line: Object, codes: Array, release: Function, close: Function };
  code;
  state;
  setup() {
    this.code = useRef4("code");
    this.state = useState9({
      code: "",
      text: "",
      isChecked: false,
      isSending: false,
      refusal: null
    });
    onMounted2(() => this.code.el?.focus());
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
    return agreed.length === 0 ? _t("Two people must agree: the money is free when a second one does too.") : _t("%s agreed already: the money is free when you agree too.", agreed.join(", "));
  }
  get whoText() {
    const { line } = this.props;
    return line.severity === "hard" ? _t("What clears it: %s", line.remedy || "") : _t("It can be released by: %s.", line.needs);
  }
  get isComplete() {
    return this.state.code !== "" && this.state.text.trim() !== "";
  }
  async confirm() {
    this.state.isChecked = true;
    if (!this.isComplete || this.state.isSending) return;
    this.state.isSending = true;
    try {
      this.state.refusal = await this.props.release(this.state.code, this.state.text.trim());
    } finally {
      this.state.isSending = false;
    }
    if (this.state.refusal === null) this.props.close();
  }
};

// web/invoice_holds/hold_board/hold_board.ts
var HoldBoard = class extends Component27 {
  static template = "milepost.HoldBoard";
  static components = { HoldGroupView, Layout: Layout3, LiveMark, Notice, SearchBar: SearchBar3 };
  static props = { domain: Array, shown: { type: Object, optional: true } };
  action;
  dialog;
  notification;
  orm;
  feed;
  root;
  searchBarToggler;
  state;
  totalsText = totalsText;
  setup() {
    this.action = useService9("action");
    this.dialog = useService9("dialog");
    this.notification = useService9("notification");
    this.orm = useService9("orm");
    this.root = useRef5("root");
    this.searchBarToggler = useSearchBarToggler3();
    this.state = useState10({ folded: {}, focusedId: null });
    const { side, group } = this.props.shown ?? { side: "ar", group: "reason" };
    this.feed = useHoldFeed(side, group);
    useSetupAction2({
      getLocalState: () => {
        const { side: shownSide, group: shownGroup } = this.feed.state;
        return { shown: { side: shownSide, group: shownGroup } };
      }
    });
    useExternalListener3(window, "keydown", (event) => this.onWindowKeydown(event));
    this.keepFocus();
    onWillStart5(() => void this.feed.search(this.props.domain));
    onWillUpdateProps4((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }
  /** A hold that goes takes the keyboard's focus with it, unless its neighbour gets it. */
  keepFocus() {
    let next = null;
    let focused = null;
    onWillPatch2(() => {
      const line = this.root.el?.querySelector("[data-hold-id]:focus-within");
      focused = line ? Number(line.dataset["holdId"]) : null;
      next = focused === null ? null : this.besideInDocument(focused);
    });
    onPatched2(() => {
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
    void this.feed.show(side, this.feed.state.group);
  }
  showGroups(group) {
    this.state.folded = {};
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
    void this.action.doAction("milepost.action_milepost_hold");
  }
  release = (line) => {
    const { answer } = this.feed.state;
    if (answer === null || answer.role === false) return;
    this.dialog.add(ReleaseDialog, {
      line,
      codes: answer.release_codes,
      release: (code, text) => this.doRelease(line, code, text)
    });
  };
  /** Releases on the server, which decides; gives its refusal, null when the money is free. */
  async doRelease(line, code, text) {
    try {
      await this.orm.call("milepost.hold", "action_release", [[line.id]], { code, text });
    } catch (error) {
      const refusal = refusalText(error);
      if (refusal === null) throw error;
      return refusal;
    }
    const waits = line.people > 1 && line.agreed.length === 0;
    this.notification.add(
      waits ? _t("You agreed. A second person must agree too.") : _t("Released"),
      { type: waits ? "info" : "success" }
    );
    await this.feed.retry();
    return null;
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
      r: () => this.release(line),
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
  onWindowKeydown(event) {
    if (event.defaultPrevented || isChord(event) || isTyping(event.target)) return;
    if (event.target !== document.body || directionOf(event.key) === null) return;
    event.preventDefault();
    if (this.tabStopId !== null) this.lineOf(this.tabStopId)?.focus();
  }
  lineOf(id) {
    return this.root.el?.querySelector(`[data-hold-id="${id}"]`) ?? null;
  }
};

// web/invoice_holds/invoice_holds.ts
var InvoiceHolds = class extends Component28 {
  static template = "milepost.InvoiceHolds";
  static components = { HoldBoard, Notice, WithSearch: WithSearch3 };
  static props = { ...standardActionServiceProps3 };
  search;
  setup() {
    this.search = useSearchSetup(this.props, { model: "milepost.hold" });
  }
};

// web/main.ts
var actions = registry.category("actions");
actions.add("milepost.billing_lag", BillingLag);
actions.add("milepost.control_tower", ControlTower);
actions.add("milepost.invoice_holds", InvoiceHolds);
