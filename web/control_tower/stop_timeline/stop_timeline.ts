/** The stops of one shipment, one below the other: planned over estimated over actual. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { OdooInstant } from "../../components/odoo_values.ts";
import type { TimelineStop } from "../board_data.ts";
import { FactList } from "../fact_list/fact_list.ts";
import type { Labels } from "../labels.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { clockText } from "../../components/moments.ts";
import { plainText } from "../../components/plain_text.ts";
import { SiteTime } from "../../components/site_time/site_time.ts";

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
  static components = { FactList, LatenessChip, SiteTime };
  static override props = { stops: Array, labels: Object, now: Object };

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

  nameText(stop: TimelineStop): string {
    return plainText(stop.name) || plainText(stop.city) || this.kindText(stop);
  }

  placeText(stop: TimelineStop): string {
    return [plainText(stop.city), stop.country_code].filter(Boolean).join(", ");
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

  /**
   * Until when the truck may come, by the clock of the place: `08:00 – 10:00`, or the end alone
   * where that is not the planned arrival itself.
   */
  windowText(stop: TimelineStop): string {
    const { window_start: start, window_end: end, planned_arrival: planned } = stop;
    if (end === false || (start === false && (planned === false || planned === end))) return "";
    const clock = (at: OdooInstant) => clockText(at, this.props.now, stop.zone);
    return start === false ? _t("until %s", clock(end)) : `${clock(start)} – ${clock(end)}`;
  }

  /** Lateness is known once there is a forecast or an arrival to hold against the plan. */
  isMeasured(stop: TimelineStop): boolean {
    const due = stop.window_end || stop.planned_arrival;
    return (
      due !== false && [stop.arrived_at, stop.completed_at, stop.estimated_arrival].some(Boolean)
    );
  }
}
