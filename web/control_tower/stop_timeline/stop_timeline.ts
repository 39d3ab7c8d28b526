/** The stops of one shipment, one below the other: planned over estimated over actual. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { OdooInstant } from "../../components/odoo_values.ts";
import type { TimelineStop } from "../board_data.ts";
import { FactList } from "../fact_list/fact_list.ts";
import type { Labels } from "../labels.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { clockText, fullText, localClockText } from "../../components/moments.ts";

interface Props {
  stops: TimelineStop[];
  labels: Labels;
  now: DateTime;
}

export interface TimeLine {
  kind: "planned" | "estimated" | "actual";
  label: string;
  arrival: OdooInstant;
  departure: OdooInstant;
}

const ICONS: Record<TimelineStop["kind"], string> = {
  pickup: "fa-cube",
  delivery: "fa-flag-checkered",
  terminal: "fa-building-o",
  customs: "fa-shield",
};

export class StopTimeline extends Component<Props> {
  static override template = "milepost.StopTimeline";
  static components = { FactList, LatenessChip };
  static override props = { stops: Array, labels: Object, now: Object };

  clockText = clockText;
  fullText = fullText;
  localClockText = localClockText;

  icon(stop: TimelineStop): string {
    if (this.hasFailed(stop)) return "fa-times";
    return stop.state === "done" ? "fa-check" : ICONS[stop.kind];
  }

  /** The truck was there and left with goods that should have stayed. */
  hasFailed(stop: TimelineStop): boolean {
    return stop.outcome === "refused" || stop.outcome === "partially_delivered";
  }

  kindText(stop: TimelineStop): string {
    const names = {
      pickup: _t("Pickup"),
      delivery: _t("Delivery"),
      terminal: _t("Terminal"),
      customs: _t("Customs"),
    };
    return names[stop.kind];
  }

  placeText(stop: TimelineStop): string {
    return [stop.city, stop.country_code].filter(Boolean).join(", ");
  }

  /** What is known, from the plan to what happened. A line without any time is left out. */
  lines(stop: TimelineStop): TimeLine[] {
    const lines: TimeLine[] = [
      {
        kind: "planned",
        label: _t("Planned"),
        arrival: stop.planned_arrival || stop.window_end,
        departure: stop.planned_departure,
      },
      {
        kind: "estimated",
        label: _t("Estimated"),
        arrival: stop.estimated_arrival,
        departure: false,
      },
      {
        kind: "actual",
        label: _t("Actual"),
        arrival: stop.arrived_at || stop.completed_at,
        departure: stop.departed_at,
      },
    ];
    return lines.filter((line) => line.arrival !== false || line.departure !== false);
  }

  /** `08:00 – 10:00`, when the stop has a window. */
  windowText(stop: TimelineStop): string {
    if (stop.window_start === false || stop.window_end === false) return "";
    const [from, until] = [stop.window_start, stop.window_end].map((at) =>
      clockText(at, this.props.now),
    );
    return `${from} – ${until}`;
  }

  /** Lateness is known once there is a forecast or an arrival to hold against the plan. */
  isMeasured(stop: TimelineStop): boolean {
    const due = stop.window_end || stop.planned_arrival;
    return due !== false && Boolean(stop.estimated_arrival || stop.arrived_at || stop.completed_at);
  }
}
