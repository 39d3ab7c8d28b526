// Generated from web/ by `npm run build`; do not edit.

// web/milepost.ts
import { registry as registry2 } from "@web/core/registry";

// web/control_tower/control_tower.ts
import { Component as Component20 } from "@odoo/owl";
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
var MISSING = "odoo.exceptions.MissingError";
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
async function asked(answer) {
  try {
    return { answer: await answer };
  } catch (error) {
    const refusal = refusalText(error);
    if (refusal === null) throw error;
    return { refusal };
  }
}
function isNoLonger(error) {
  return isAccessError(error) || serverError(error)?.exceptionName === MISSING;
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

// web/control_tower/board/board.ts
import {
  Component as Component19,
  onPatched,
  onWillPatch,
  onWillStart as onWillStart4,
  onWillUpdateProps as onWillUpdateProps2,
  useRef as useRef3,
  useState as useState6
} from "@odoo/owl";
import { useService as useService9 } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";

// web/control_tower/board_column/board_column.ts
import { Component as Component8 } from "@odoo/owl";

// web/control_tower/more_button/more_button.ts
import { Component as Component2, useState as useState2 } from "@odoo/owl";
var MoreButton = class extends Component2 {
  static template = "milepost.MoreButton";
  static props = { column: Object, showMore: Function };
  state;
  setup() {
    this.state = useState2({ isReading: false });
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
import { Component as Component7, useEffect, useRef } from "@odoo/owl";

// web/control_tower/arrival_line/arrival_line.ts
import { Component as Component5 } from "@odoo/owl";

// web/control_tower/lateness_chip/lateness_chip.ts
import { Component as Component3 } from "@odoo/owl";

// web/components/moments.ts
import { deserializeDateTime } from "@web/core/l10n/dates";
var MINUTES_OF_DAY = 24 * 60;
function instant(value) {
  return value === false ? null : deserializeDateTime(value);
}
function deviceNow() {
  return deserializeDateTime((/* @__PURE__ */ new Date()).toISOString().slice(0, 19).replace("T", " "));
}
function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
var CLOCK = { hour: "numeric", minute: "2-digit" };
function clockText(value, now, zone = false) {
  const at = there(instant(value), zone);
  const today = there(now, zone);
  if (at === null || today === null) return "";
  const time = at.toLocaleString(CLOCK);
  if (at.hasSame(today, "day")) return time;
  const days = Math.abs(at.startOf("day").diff(today.startOf("day"), "days").days);
  const day = days < 7 ? at.toLocaleString({ weekday: "short" }) : at.toLocaleString({ day: "numeric", month: "short" });
  return `${day} ${time}`;
}
function fullText(value, zone = false) {
  const at = instant(value);
  if (at === null) return "";
  const text = (clock) => clock.toLocaleString({
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    ...CLOCK,
    timeZoneName: "short"
  });
  return isElsewhere(at, zone) ? `${text(at.setZone(zone))} · ${text(at)}` : text(at);
}
function isElsewhere(at, zone) {
  const site = there(at, zone);
  return site !== null && site.offset !== at.offset;
}
function there(at, zone) {
  if (at === null || zone === false) return at;
  const site = at.setZone(zone);
  return site.isValid ? site : at;
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

// web/control_tower/lateness_chip/lateness_chip.ts
var NOTABLE_MINUTES = 15;
var LatenessChip = class extends Component3 {
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

// web/components/site_time/site_time.ts
import { Component as Component4 } from "@odoo/owl";
var SiteTime = class extends Component4 {
  static template = "milepost.SiteTime";
  static props = {
    at: [String, Boolean],
    now: Object,
    zone: [String, Boolean],
    className: { type: String, optional: true }
  };
  get title() {
    return fullText(this.props.at, this.props.zone);
  }
  get siteText() {
    const { at, now, zone } = this.props;
    return clockText(at, now, zone);
  }
  get zoneText() {
    const { at, zone } = this.props;
    const moment = instant(at);
    if (moment === null || !isElsewhere(moment, zone)) return "";
    return moment.setZone(zone).offsetNameShort ?? zone;
  }
  get ownText() {
    const { at, now } = this.props;
    return this.zoneText === "" ? "" : _t("%s here", clockText(at, now));
  }
};

// web/components/plain_text.ts
var TURNING = /[\u0000-\u0008\u000B-\u001F\u007F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
function plainText(text) {
  return text ? text.replaceAll(TURNING, "") : "";
}

// web/control_tower/shipment_words.ts
function route(row) {
  return [row.origin, row.destination].map(plainText).filter(Boolean).join(" → ");
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
function nextStep({ issue }, column) {
  const asks = column === "exception" || column === "late" || column === "silent";
  return asks && issue && issue.next_step ? plainText(issue.next_step) : "";
}
function isTroubleLastStep(row) {
  return row.exception_code !== false && row.exception_code === row.current_milestone;
}

// web/control_tower/arrival_line/arrival_line.ts
var ArrivalLine = class extends Component5 {
  static template = "milepost.ArrivalLine";
  static components = { LatenessChip, SiteTime };
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
import { Component as Component6 } from "@odoo/owl";
var RemarkList = class extends Component6 {
  static template = "milepost.RemarkList";
  static props = { remarks: Array };
};

// web/control_tower/shipment_remarks.ts
import { registry } from "@web/core/registry";
var STATES_AT_REST = /* @__PURE__ */ new Set(["delivered", "partially_delivered", "refused", "returned"]);
var remarkers = registry.category("milepost.shipment_remarks");
function remarks(row, column) {
  const found = remarkers.getAll().map((remarker) => remarker(row, column));
  return found.filter((remark) => remark !== null);
}
function isSaid(row, column, code) {
  return column === "exception" && row.exception_code === code;
}
function lost(row, column) {
  return row.is_lost && !isSaid(row, column, "lost") ? { key: "lost", icon: "fa-question-circle", text: _t("Lost"), tone: "danger" } : null;
}
function damaged(row, column) {
  return row.is_damaged && !isSaid(row, column, "damaged") ? { key: "damaged", icon: "fa-chain-broken", text: _t("Damaged"), tone: "danger" } : null;
}
function silent(row, column) {
  return row.is_silent && column !== "silent" ? { key: "silent", icon: "fa-volume-off", text: _t("Silent"), tone: "warning" } : null;
}
function ahead(row) {
  return row.is_ahead ? { key: "ahead", icon: "fa-clock-o", text: _t("Told ahead of time"), tone: "warning" } : null;
}
function attempts(row, column) {
  const count = row.attempt_count;
  if (count <= (isSaid(row, column, "delivery_attempted") ? 1 : 0)) return null;
  const text = count === 1 ? _t("1 attempt") : _t("%s attempts", count);
  return { key: "attempts", icon: "fa-repeat", text, tone: "warning" };
}
function proof(row) {
  return STATES_AT_REST.has(row.state) && !row.has_pod ? { key: "pod", icon: "fa-file-o", text: _t("No POD"), tone: "warning" } : null;
}
function unmapped(row) {
  return row.unmapped_count > 0 ? { key: "unmapped", icon: "fa-question", text: _t("Unknown code"), tone: "muted" } : null;
}
function owner({ issue }) {
  if (!issue) return null;
  const whose = issue.is_mine ? _t("Mine") : issue.owner || "";
  if (issue.is_due && issue.state === "open") {
    const text = whose === "" ? _t("Overdue") : _t("Overdue · %s", whose);
    return { key: "owner", icon: "fa-bell", text, tone: "danger" };
  }
  const looks = {
    open: { icon: "fa-user", text: whose },
    acknowledged: { icon: "fa-check", text: _t("Acknowledged · %s", whose) },
    snoozed: { icon: "fa-moon-o", text: _t("Snoozed · %s", whose) }
  };
  const look = looks[issue.state];
  return look.text === "" ? null : { key: "owner", ...look, tone: "muted" };
}
remarkers.add("owner", owner, { sequence: 5 }).add("lost", lost, { sequence: 10 }).add("damaged", damaged, { sequence: 20 }).add("silent", silent, { sequence: 30 }).add("ahead", ahead, { sequence: 35 }).add("attempts", attempts, { sequence: 40 }).add("pod", proof, { sequence: 60 }).add("unmapped", unmapped, { sequence: 70 });

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
var ShipmentCard = class extends Component7 {
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
    isSelected: Boolean,
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
  get nextStep() {
    return nextStep(this.props.row, this.props.column);
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
var BoardColumnView = class extends Component8 {
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
    selected: Object,
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
import { Component as Component9 } from "@odoo/owl";

// web/control_tower/shipment_line/shipment_line.ts
var ShipmentLine = class extends ShipmentCard {
  static template = "milepost.ShipmentLine";
  static components = { LatenessChip, RemarkList, SiteTime };
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
var BoardList = class extends Component9 {
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
    selected: Object,
    open: Function,
    onFocus: Function,
    showMore: Function
  };
  get groups() {
    return this.props.columns.filter((column) => column.count > 0);
  }
};

// web/control_tower/column_tabs/column_tabs.ts
import { Component as Component10 } from "@odoo/owl";
var ColumnTabs = class extends Component10 {
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
import { Component as Component11 } from "@odoo/owl";
var LiveMark = class extends Component11 {
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
import { Component as Component17, onMounted, onWillStart as onWillStart3, onWillUpdateProps, useRef as useRef2, useState as useState4 } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService as useService4 } from "@web/core/utils/hooks";

// web/control_tower/fact_list/fact_list.ts
import { Component as Component13 } from "@odoo/owl";

// web/control_tower/fact_item/fact_item.ts
import { Component as Component12 } from "@odoo/owl";
var FactItem = class extends Component12 {
  static template = "milepost.FactItem";
  static components = { SiteTime };
  static props = {
    fact: Object,
    labels: Object,
    now: Object,
    zone: { type: [String, Boolean], optional: true }
  };
  fullText = fullText;
  /** In our words; the partner's own code while nobody has mapped it. */
  get title() {
    const { fact, labels } = this.props;
    if (fact.code !== false) return labels.milestone(fact.code);
    const conditions = fact.conditions.map((condition) => labels.condition(condition));
    return conditions.length > 0 ? conditions.join(", ") : _t("Unknown code %s", plainText(fact.raw_code));
  }
  /** What tells this fact from a plain event that counts. */
  get badges() {
    const { classifier, is_ahead: isAhead, retracted, superseded } = this.props.fact;
    return [
      isAhead && _t("ahead of its receipt"),
      classifier === "planned" && _t("planned"),
      classifier === "estimated" && _t("estimated"),
      retracted && _t("withdrawn"),
      superseded && !retracted && _t("corrected")
    ].filter((badge) => badge !== false);
  }
  get detail() {
    const { fact, labels } = this.props;
    const reason = fact.reason === false ? "" : labels.reason(fact.reason);
    const parts = [reason, plainText(fact.raw_text), plainText(fact.place_name)];
    return parts.filter(Boolean).join(" · ");
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
var FactList = class extends Component13 {
  static template = "milepost.FactList";
  static components = { FactItem };
  static props = {
    facts: Array,
    labels: Object,
    now: Object,
    zone: { type: [String, Boolean], optional: true }
  };
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

// web/control_tower/panel_actions/panel_actions.ts
import { Component as Component14, useExternalListener } from "@odoo/owl";
import { useService as useService2 } from "@web/core/utils/hooks";

// web/components/keys.ts
var DIRECTIONS = /* @__PURE__ */ new Map([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["k", "up"],
  ["j", "down"],
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

// web/control_tower/panel_actions/panel_actions.ts
var PanelActions = class extends Component14 {
  static template = "milepost.PanelActions";
  static props = { shipmentId: Number, actions: Array, done: Function };
  action;
  notification;
  orm;
  setup() {
    this.action = useService2("action");
    this.notification = useService2("notification");
    this.orm = useService2("orm");
    useExternalListener(window, "keydown", (event) => this.onKeydown(event));
  }
  async act({ key }) {
    const { shipmentId, done } = this.props;
    const call = this.orm.call("milepost.shipment", "panel_action", [[shipmentId], key]);
    const told = await asked(call);
    if ("refusal" in told) {
      this.notification.add(told.refusal, { type: "warning" });
      return;
    }
    const dialog = told.answer;
    if (dialog === false) done();
    else await this.action.doAction(dialog, { onClose: done });
  }
  onKeydown(event) {
    if (event.defaultPrevented || isChord(event) || isTyping(event.target)) return;
    if (document.querySelector(".o_dialog") !== null) return;
    const meant = this.props.actions.find(({ hotkey }) => hotkey === event.key);
    if (meant === void 0) return;
    event.preventDefault();
    void this.act(meant);
  }
};

// web/control_tower/work_bar/work_bar.ts
import { Component as Component15, onWillStart as onWillStart2, useState as useState3 } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import { useService as useService3 } from "@web/core/utils/hooks";
var WorkBar = class extends Component15 {
  static template = "milepost.WorkBar";
  static props = { issue: { validate: isObjectOrNull }, now: Object, act: Function };
  state;
  setup() {
    const orm = useService3("orm");
    this.state = useState3({ colleagues: [] });
    const read = async () => {
      const told = await asked(orm.silent.call("milepost.issue", "colleagues"));
      if ("answer" in told) this.state.colleagues = told.answer;
    };
    onWillStart2(() => void read());
  }
  get isHandled() {
    const { issue } = this.props;
    return issue !== null && issue.state !== "open";
  }
  get isMine() {
    return this.props.issue?.is_mine ?? false;
  }
  /** To whom it can be given; not to whose it is. */
  get others() {
    return this.state.colleagues.filter(({ id }) => id !== this.props.issue?.user_id);
  }
  /** Until when it may sleep; the empty one is the next event. */
  get sleeps() {
    const { now } = this.props;
    const tomorrow = now.plus({ days: 1 }).startOf("day").plus({ hours: 8 });
    const choices = [
      [null, _t("Until the next event")],
      [now.plus({ hours: 1 }), _t("For 1 hour")],
      [now.plus({ hours: 4 }), _t("For 4 hours")],
      [tomorrow, _t("Until tomorrow morning")]
    ];
    return choices.map(([at, text]) => ({ until: at === null ? "" : serializeDateTime(at), text }));
  }
  onSnooze(event) {
    const until = chosen(event);
    this.props.act("snooze", until === "" ? {} : { until });
  }
  onAssign(event) {
    this.props.act("assign", { userId: Number(chosen(event)) });
  }
};
function chosen(event) {
  const select = event.target;
  const { value } = select;
  select.value = "-";
  return value;
}

// web/control_tower/stop_timeline/stop_timeline.ts
import { Component as Component16 } from "@odoo/owl";
var ICONS = {
  pickup: "fa-cube",
  delivery: "fa-flag-checkered",
  terminal: "fa-building-o",
  customs: "fa-shield"
};
var StopTimeline = class extends Component16 {
  static template = "milepost.StopTimeline";
  static components = { FactList, LatenessChip, SiteTime };
  static props = { stops: Array, labels: Object, now: Object };
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
  nameText(stop) {
    return plainText(stop.name) || plainText(stop.city) || this.kindText(stop);
  }
  placeText(stop) {
    return [plainText(stop.city), stop.country_code].filter(Boolean).join(", ");
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
  /**
   * Until when the truck may come, by the clock of the place: `08:00 – 10:00`, or the end alone
   * where that is not the planned arrival itself.
   */
  windowText(stop) {
    const { window_start: start, window_end: end, planned_arrival: planned } = stop;
    if (end === false || start === false && (planned === false || planned === end)) return "";
    const clock = (at) => clockText(at, this.props.now, stop.zone);
    return start === false ? _t("until %s", clock(end)) : `${clock(start)} – ${clock(end)}`;
  }
  /** Lateness is known once there is a forecast or an arrival to hold against the plan. */
  isMeasured(stop) {
    const due = stop.window_end || stop.planned_arrival;
    return due !== false && [stop.arrived_at, stop.completed_at, stop.estimated_arrival].some(Boolean);
  }
};

// web/control_tower/shipment_panel/shipment_panel.ts
var ShipmentPanel = class extends Component17 {
  static template = "milepost.ShipmentPanel";
  static components = { ArrivalLine, FactList, PanelActions, RemarkList, StopTimeline, WorkBar };
  static props = {
    shipmentId: Number,
    revision: Number,
    labels: Object,
    now: { validate: isObjectOrNull },
    close: Function,
    openForm: Function,
    act: Function
  };
  clockText = clockText;
  fullText = fullText;
  plainText = plainText;
  orm;
  action;
  closeButton;
  keepLast = new KeepLast();
  state;
  setup() {
    this.orm = useService4("orm");
    this.action = useService4("action");
    this.closeButton = useRef2("close");
    this.state = useState4({ answer: null, fault: null });
    onWillStart3(() => void this.read(this.props.shipmentId));
    onWillUpdateProps((next) => {
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
      this.state.fault = null;
    } catch (error) {
      if (this.state.answer?.shipment.id !== id) this.state.answer = null;
      this.state.fault = isNoLonger(error) ? "refused" : "failed";
    }
  }
  readAgain = () => {
    void this.read(this.props.shipmentId);
  };
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
    return [...new Set([carrier, connection].map(plainText))].filter(Boolean).join(" · ");
  }
  get heardText() {
    const at = this.state.answer?.shipment.last_heard_at ?? false;
    return at === false ? "" : _t("last heard %s", clockText(at, this.now));
  }
  get trouble() {
    const { answer } = this.state;
    return answer === null ? "" : trouble(answer.shipment, "exception", this.props.labels, this.now);
  }
  /** Why nothing is heard of it names its own step. */
  get nextStep() {
    const { answer } = this.state;
    return answer === null || answer.silence ? "" : nextStep(answer.shipment, "exception");
  }
  get remarks() {
    const { answer } = this.state;
    if (answer === null) return [];
    const found = remarks(answer.shipment, "exception");
    return answer.silence ? found.filter(({ key }) => key !== "silent") : found;
  }
  async openStep() {
    const silence = this.state.answer?.silence;
    if (silence && silence.action) await this.action.doAction(silence.action);
  }
  get cleanText() {
    return _t("clean");
  }
  get remarkedText() {
    return _t("with remarks");
  }
  signerText(pod) {
    return pod.signer === false ? _t("No name given") : _t("Signed by %s", plainText(pod.signer));
  }
};

// web/control_tower/board_work.ts
import { useService as useService5 } from "@web/core/utils/hooks";
var BoardWork = class {
  #services;
  #on;
  #onDone;
  constructor(services, on, onDone) {
    this.#services = services;
    this.#on = on;
    this.#onDone = onDone;
  }
  async act(ids, action, details = {}) {
    if (ids.length === 0) return;
    const { orm, notification } = this.#services;
    const { until = false, userId = false } = details;
    const args = [ids, action, until, userId];
    const call = this.#on === "shipments" ? orm.call("milepost.shipment", "work", args) : orm.call("milepost.issue", "work", args);
    const done = await asked(call);
    if ("refusal" in done) return this.#refused(done.refusal);
    const before = done.answer;
    this.#onDone();
    const close = notification.add(this.#doneText(action, before.length), {
      type: "success",
      buttons: [
        {
          name: _t("Undo"),
          onClick: () => {
            close();
            void this.#undo(before);
          }
        }
      ]
    });
  }
  async #undo(before) {
    const { orm, notification } = this.#services;
    const done = await asked(orm.call("milepost.issue", "restore", [before]));
    if ("refusal" in done) return this.#refused(done.refusal);
    notification.add(_t("Undone"), { type: "info" });
    this.#onDone();
  }
  #refused(why) {
    this.#services.notification.add(why, { type: "warning" });
  }
  #doneText(action, count) {
    const texts = {
      own: _t("%s yours now", count),
      assign: _t("%s assigned", count),
      acknowledge: _t("%s acknowledged", count),
      snooze: _t("%s snoozed", count),
      reopen: _t("%s back in the queue", count),
      close: _t("%s closed", count)
    };
    return texts[action];
  }
};
function useBoardWork(on, onDone) {
  const services = { notification: useService5("notification"), orm: useService5("orm") };
  return new BoardWork(services, on, onDone);
}

// web/control_tower/board/board_feed.ts
import { useState as useState5 } from "@odoo/owl";
import { browser as browser3 } from "@web/core/browser/browser";
import { useService as useService7 } from "@web/core/utils/hooks";

// web/components/live_feed.ts
import { onWillUnmount, useExternalListener as useExternalListener2 } from "@odoo/owl";
import { browser as browser2 } from "@web/core/browser/browser";
import { useBus, useService as useService6 } from "@web/core/utils/hooks";

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
  const bus = useService6("bus_service");
  const onNotice = ({ ids }) => feed.onNotice(ids);
  bus.subscribe(type, onNotice);
  void bus.start();
  useBus(bus, "BUS:DISCONNECT", () => feed.state.isLive = false);
  useBus(bus, "BUS:CONNECT", () => feed.onConnected());
  useBus(bus, "BUS:RECONNECT", () => feed.onConnected());
  useExternalListener2(document, "visibilitychange", () => feed.reader.wake());
  const ticker = browser2.setInterval(() => feed.reader.notice(), TICK_MS);
  onWillUnmount(() => {
    bus.unsubscribe(type, onNotice);
    browser2.clearInterval(ticker);
    feed.reader.stop();
  });
}

// web/control_tower/board_state.ts
function isSame(a, b) {
  const keys = Object.keys(b);
  return keys.every(
    (key) => a[key] === b[key] || key === "issue" && isSameIssue(a.issue, b.issue)
  );
}
function isSameIssue(a, b) {
  if (!a || !b) return a === b;
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
    const args = [this.#domain, PAGE, this.#limits, ownZone()];
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
  const feed = new BoardFeed(useService7("orm"), state, listener);
  useLiveLine(CHANGED, feed);
  return feed;
}

// web/control_tower/board/board_layout.ts
import { browser as browser4 } from "@web/core/browser/browser";
var LAYOUTS = ["columns", "list"];
var SETTING = "milepost.control_tower.layout";
function rememberedLayout() {
  return browser4.localStorage.getItem(SETTING) === "list" ? "list" : "columns";
}
function rememberLayout(layout) {
  browser4.localStorage.setItem(SETTING, layout);
}

// web/components/board_keys.ts
import { useExternalListener as useExternalListener3 } from "@odoo/owl";
import { useService as useService8 } from "@web/core/utils/hooks";

// web/components/keys_dialog/keys_dialog.ts
import { Component as Component18 } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
var KeysDialog = class extends Component18 {
  static template = "milepost.KeysDialog";
  static components = { Dialog };
  static props = { keys: Array, close: Function };
  get title() {
    return _t("Keys of this board");
  }
};

// web/components/board_keys.ts
function useBoardKeys({ root, help, focusFirst }) {
  const dialog = useService8("dialog");
  const keys = {
    "/": () => {
      const input = root.el?.closest(".o_mp_screen")?.querySelector(".o_searchview_input");
      input?.focus();
      return input !== null && input !== void 0;
    },
    "?": () => {
      dialog.add(KeysDialog, { keys: [...help(), ...COMMON()] });
      return true;
    }
  };
  const onKeydown = (event) => {
    if (event.defaultPrevented || isChord(event) || isTyping(event.target)) return;
    if (document.querySelector(".o_dialog") !== null) return;
    const act = keys[event.key];
    const begins = event.target === document.body && directionOf(event.key) !== null;
    if (act?.() === true) event.preventDefault();
    else if (begins && focusFirst !== void 0) {
      event.preventDefault();
      focusFirst();
    }
  };
  useExternalListener3(window, "keydown", (event) => onKeydown(event));
}
var COMMON = () => [
  { keys: ["/"], text: _t("Search") },
  { keys: ["?"], text: _t("Show these keys") }
];
function movingHelp() {
  return [
    { keys: ["j", "↓"], text: _t("Next") },
    { keys: ["k", "↑"], text: _t("Previous") }
  ];
}

// web/control_tower/board/board_help.ts
function towerKeys() {
  return [
    ...movingHelp(),
    { keys: ["←", "→"], text: _t("To the column beside") },
    { keys: ["Enter"], text: _t("Open the shipment; once more: go into it") },
    { keys: ["a"], text: _t("Take it over: mine") },
    { keys: ["e"], text: _t("Acknowledge: somebody deals with it") },
    { keys: ["s"], text: _t("Snooze until the next event") },
    { keys: ["x"], text: _t("Select, or no longer") },
    { keys: ["O"], text: _t("Order the transport of the open shipment") },
    { keys: ["c"], text: _t("Ask its carrier") },
    { keys: ["n"], text: _t("Write a note on it") },
    { keys: ["m"], text: _t("Tell a milestone") },
    { keys: ["t"], text: _t("Tell an ETA") },
    { keys: ["w"], text: _t("Tell what is wrong") },
    { keys: ["p"], text: _t("Supply its proof of delivery") },
    { keys: ["Esc"], text: _t("Close the shipment") }
  ];
}

// web/components/url_state.ts
import { browser as browser5 } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { onWillUnmount as onWillUnmount2 } from "@odoo/owl";
var LEAFING_MS = 600;
function chosenInUrl(name, words) {
  const value = router.current[name];
  return words.find((word) => word === value);
}
function useUrlState(update) {
  let timer;
  const set = (values) => {
    browser5.clearTimeout(timer);
    timer = void 0;
    update?.(values);
  };
  onWillUnmount2(() => browser5.clearTimeout(timer));
  return {
    set,
    setSoon: (values) => {
      browser5.clearTimeout(timer);
      timer = browser5.setTimeout(() => set(values), LEAFING_MS);
    }
  };
}

// web/control_tower/board/board.ts
var Board = class extends Component19 {
  static template = "milepost.Board";
  static components = {
    BoardColumnView,
    BoardList,
    ColumnTabs,
    Layout,
    LiveMark,
    Notice,
    SearchBar,
    ShipmentPanel,
    WorkBar
  };
  static props = {
    domain: Array,
    labels: Object,
    openId: { type: Number, optional: true },
    updateActionState: { type: Function, optional: true }
  };
  action;
  feed;
  looks;
  root;
  searchBarToggler;
  state;
  url;
  work;
  setup() {
    this.action = useService9("action");
    this.looks = columnLooks();
    this.root = useRef3("root");
    this.searchBarToggler = useSearchBarToggler();
    this.state = useState6({
      layout: chosenInUrl("layout", LAYOUTS) ?? rememberedLayout(),
      folded: {},
      focusedId: null,
      openId: this.props.openId ?? null,
      openRevision: 0,
      selected: /* @__PURE__ */ new Set()
    });
    this.feed = useBoardFeed({ onChanged: (ids) => this.onChanged(ids) });
    this.work = useBoardWork("shipments", () => this.onWorked());
    this.url = useUrlState(this.props.updateActionState);
    useBoardKeys({
      root: this.root,
      help: towerKeys,
      focusFirst: () => this.focusCard(this.tabStopId)
    });
    useSetupAction({ getLocalState: () => ({ openId: this.state.openId }) });
    this.keepFocus();
    onWillStart4(() => void this.feed.search(this.props.domain));
    onWillUpdateProps2((next) => {
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
    this.url.set({ layout });
    rememberLayout(layout);
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
    const leafs = this.state.openId !== null;
    this.state.openId = id;
    this.state.focusedId = id;
    this.url[leafs ? "setSoon" : "set"]({ resId: id });
  };
  closePanel = () => {
    this.state.openId = null;
    this.url.set({ resId: void 0 });
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
  /** What was worked on is read again at once: it may leave its column. */
  onWorked() {
    this.state.selected.clear();
    this.state.openRevision += 1;
    void this.feed.retry();
  }
  toggle(id) {
    if (!this.state.selected.delete(id)) this.state.selected.add(id);
  }
  get selectedText() {
    return _t("%s selected", this.state.selected.size);
  }
  actOnSelected = (action, details) => {
    void this.work.act([...this.state.selected], action, details);
  };
  actOnOpen = (action, details) => {
    if (this.state.openId !== null) void this.work.act([this.state.openId], action, details);
  };
  /** Keys that work on the card that has the focus, or on all that are selected. */
  actOnKey(key, id) {
    const meant = this.state.selected.size > 0 ? [...this.state.selected] : [id];
    const acts = {
      a: () => void this.work.act(meant, "own"),
      e: () => void this.work.act(meant, "acknowledge"),
      s: () => void this.work.act(meant, "snooze"),
      x: () => this.toggle(id)
    };
    acts[key]?.();
    return key in acts;
  }
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
    if (this.actOnKey(event.key, id)) {
      event.preventDefault();
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
var ControlTower = class extends Component20 {
  static template = "milepost.ControlTower";
  static components = { Board, Notice, WithSearch };
  static props = { ...standardActionServiceProps };
  labels;
  search;
  /** What was left open counts before what the address said when the board was first opened. */
  get openId() {
    const { state, resId } = this.props;
    return (state === void 0 ? resId : state.openId) || void 0;
  }
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

// web/work_queue/issue_list/issue_list.ts
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
var IssueListController = class extends ListController {
  static template = "milepost.IssueList";
  static components = { ...ListController.components, WorkBar };
  work;
  setup() {
    super.setup();
    this.work = useBoardWork("issues", () => void this.model.load());
  }
  get now() {
    return deviceNow();
  }
  actOnSelected = async (action, details) => {
    await this.work.act(await this.model.root.getResIds(true), action, details);
  };
};
var issueList = { ...listView, Controller: IssueListController };

// web/work_queue/issue_work/issue_work.ts
import { Component as Component21 } from "@odoo/owl";
import { user } from "@web/core/user";
var IssueWork = class extends Component21 {
  static template = "milepost.IssueWork";
  static components = { WorkBar };
  static props = {
    record: Object,
    readonly: { type: Boolean, optional: true },
    isShort: { type: Boolean, optional: true }
  };
  work;
  setup() {
    this.work = useBoardWork("issues", () => void this.props.record.model.load());
  }
  get now() {
    return deviceNow();
  }
  /** Null for whoever may not work on it, and when it is closed. */
  get issue() {
    const { state, user_id: owner2, is_workable: isWorkable } = this.props.record.data;
    if (isWorkable !== true) return null;
    const userId = owner2 ? owner2.id : false;
    return { state, user_id: userId, is_mine: userId === user.userId };
  }
  act = (action, details) => {
    const { resId } = this.props.record;
    if (resId) void this.work.act([resId], action, details);
  };
};
var fieldDependencies = [
  { name: "is_workable", type: "boolean" },
  { name: "state", type: "selection" },
  { name: "user_id", type: "many2one" }
];
var issueWork = { component: IssueWork, fieldDependencies };
var issueLineWork = {
  ...issueWork,
  extractProps: () => ({ isShort: true })
};

// web/milepost.ts
registry2.category("actions").add("milepost.control_tower", ControlTower);
registry2.category("views").add("milepost_issue_list", issueList);
registry2.category("view_widgets").add("milepost_issue_work", issueWork).add("milepost_issue_line_work", issueLineWork);
export {
  LiveFeed,
  LiveMark,
  Notice,
  ageText,
  asked,
  chosenInUrl,
  clockText,
  deviceNow,
  directionOf,
  durationText,
  fullText,
  instant,
  isAccessError,
  isChord,
  isElsewhere,
  isIdOrNull,
  isNoLonger,
  isObjectOrNull,
  isTyping,
  movingHelp,
  neighbour,
  ownZone,
  refusalText,
  useBoardKeys,
  useLiveLine,
  useSearchSetup,
  useUrlState
};
