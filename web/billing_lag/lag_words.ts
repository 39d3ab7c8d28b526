/** What the figures are called, how they are written, and what they count. */
import { durationText } from "../components/moments.ts";
import { moneyText } from "../billing/money.ts";
import { _t } from "../translation.ts";
import type { Kpis, LagAnswer, PartKey, Rate, Value } from "./lag_data.ts";

/** What is shown where there is nothing to count. */
const NOTHING = "–";

/** `6 h`, `1 d 16 h`, `−20 min` of what came before its beginning; a dash without a value. */
export function hoursText(hours: string | number | null): string {
  if (hours === null) return NOTHING;
  const minutes = Number(hours) * 60;
  return Math.round(minutes) < 0 ? `\u2212${durationText(minutes)}` : durationText(minutes);
}

export function percentText(value: number | null): string {
  return value === null ? NOTHING : `${value} %`;
}

export interface PartLook {
  title: string;
  hint: string;
}

/** Call it once the translations are loaded. */
export function partLooks(): Record<PartKey, PartLook> {
  return {
    carrier_reporting: {
      title: _t("Carrier reporting"),
      hint: _t("From the delivery until the carrier's message reached the bridge"),
    },
    bridge: { title: _t("Bridge"), hint: _t("From the bridge into Odoo") },
    pod_wait: { title: _t("Proof of delivery"), hint: _t("Until every proof was validated") },
    charge_wait: { title: _t("Charges"), hint: _t("Until all charges were final") },
    review_wait: { title: _t("Review"), hint: _t("Until the last hold was gone") },
    posting_wait: { title: _t("Posting"), hint: _t("From ready to bill until the posted invoice") },
  };
}

/** One figure on a tile. */
export interface Figure {
  /** Of the figure, as the server knows the records behind it. */
  key: keyof Kpis;
  title: string;
  value: string;
  /** What it was counted over. */
  over: string;
  hint: string;
}

export interface FigureGroup {
  key: string;
  title: string;
  figures: Figure[];
}

// oxlint-disable-next-line max-lines-per-function -- one table of figures
export function figureGroups({ kpis, currency_id }: LagAnswer): FigureGroup[] {
  const money = (amount: number) => moneyText({ amount, currency_id });
  const rate = (key: keyof Kpis, title: string, of: Rate, hint: string): Figure => ({
    key,
    title,
    value: percentText(of.value),
    over: _t("%s of %s", of.n, of.of),
    hint,
  });
  const value = (key: keyof Kpis, title: string, of: Value, hint: string): Figure => ({
    key,
    title,
    value: percentText(of.value),
    over: _t("%s of %s", money(of.amount), money(of.of_amount)),
    hint,
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
          _t("Share of ready shipments that were never held"),
        ),
        rate(
          "missing_pod",
          _t("Missing proofs"),
          kpis.missing_pod,
          _t("Share of shipments whose validated proof is overdue"),
        ),
        rate(
          "billing_accuracy",
          _t("Billing accuracy"),
          kpis.billing_accuracy,
          _t("Posted invoices that no credit or debit note corrects"),
        ),
      ],
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
            "Amount × time held × cost of capital; money that several holds keep counts once",
          ),
        },
        rate(
          "false_holds",
          _t("False holds"),
          kpis.false_holds,
          _t("Share of releases by people although nothing had changed"),
        ),
        {
          key: "late_charge_leak",
          title: _t("Late-charge leak"),
          value: money(kpis.late_charge_leak.amount),
          over: _t("%s charges", kpis.late_charge_leak.n),
          hint: _t("Late costs written off instead of rebilled"),
        },
      ],
    },
    {
      key: "payable",
      title: _t("Carrier bills"),
      figures: [
        rate(
          "touchless",
          _t("Touchless"),
          kpis.touchless,
          _t("Share of approved bills that nobody had to touch"),
        ),
        rate(
          "charge_exceptions",
          _t("Charge exceptions"),
          kpis.charge_exceptions,
          _t("Share of these shipments' carrier bills that were held"),
        ),
        value(
          "charge_exception_value",
          _t("Exception value"),
          kpis.charge_exception_value,
          _t("Share of the billed amount that was held as a variance"),
        ),
        value(
          "detention_recovery",
          _t("Detention recovery"),
          kpis.detention_recovery,
          _t("Detention billed to customers, of what carriers are paid for it"),
        ),
      ],
    },
    {
      key: "transport",
      title: _t("Transport"),
      figures: [
        rate(
          "on_time_last",
          _t("On time, last appointment"),
          kpis.on_time_last,
          _t("Arrived by the appointment as it was agreed in the end"),
        ),
        rate(
          "on_time_first",
          _t("On time, first promise"),
          kpis.on_time_first,
          _t("Arrived by the time that the order promised"),
        ),
        rate("otif", _t("On time in full"), kpis.otif, _t("On time, and all goods were accepted")),
        {
          key: "dwell",
          title: _t("Dwell"),
          value: hoursText(kpis.dwell.median_hours),
          over: _t("median of %s stops, P90 %s", kpis.dwell.n, hoursText(kpis.dwell.p90_hours)),
          hint: _t("From arrival to departure at a stop"),
        },
        {
          key: "event_latency",
          title: _t("Event latency"),
          value: hoursText(kpis.event_latency.p95_hours),
          over: _t("P95 of %s events", kpis.event_latency.n),
          hint: _t("From the event until it was recorded in Odoo"),
        },
        rate(
          "completeness",
          _t("Completeness"),
          kpis.completeness,
          _t("Share of planned stops that were reported"),
        ),
      ],
    },
  ];
}
