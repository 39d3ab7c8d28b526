/** Instants and durations as a dispatcher reads them: short, in the user's zone and language. */
import { deserializeDateTime } from "@web/core/l10n/dates";
import type { DateTime } from "luxon";
import { _t } from "../translation.ts";
import type { OdooInstant } from "./odoo_values.ts";

const MINUTES_OF_DAY = 24 * 60;

/** The instant in the user's zone, or null when Odoo has none. */
export function instant(value: OdooInstant): DateTime | null {
  return value === false ? null : deserializeDateTime(value);
}

/** `14:30` today, `Tue 14:30` within the week, else `12 Nov 14:30`; empty without an instant. */
export function clockText(value: OdooInstant, now: DateTime): string {
  const at = instant(value);
  if (at === null) return "";
  const time = at.toLocaleString({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (at.hasSame(now, "day")) return time;
  const days = Math.abs(at.startOf("day").diff(now.startOf("day"), "days").days);
  const day =
    days < 7
      ? at.toLocaleString({ weekday: "short" })
      : at.toLocaleString({ day: "numeric", month: "short" });
  return `${day} ${time}`;
}

/** Everything about an instant, for a tooltip: date, time, zone. */
export function fullText(value: OdooInstant): string {
  const at = instant(value);
  return at === null
    ? ""
    : at.toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
        timeZoneName: "short",
      });
}

/** The clock at the place, when it differs from the user's own. */
export function localClockText(value: OdooInstant, zone: string | false): string {
  const at = instant(value);
  if (at === null || zone === false) return "";
  const there = at.setZone(zone);
  if (!there.isValid || there.offset === at.offset) return "";
  const time = there.toLocaleString({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return _t("%s local", time);
}

/** How long ago: `now`, `12 min`, `3 h`, `2 d`; an instant to come counts as now. */
export function ageText(value: OdooInstant, now: DateTime): string {
  const at = instant(value);
  if (at === null) return "";
  const minutes = Math.floor(now.diff(at, "minutes").minutes);
  if (minutes < 1) return _t("now");
  if (minutes < 60) return _t("%s min", minutes);
  if (minutes < 2 * MINUTES_OF_DAY) return _t("%s h", Math.floor(minutes / 60));
  return _t("%s d", Math.floor(minutes / MINUTES_OF_DAY));
}

/** A length of time: `25 min`, `1 h 25`, `3 d 4 h`. The sign is left to the reader of it. */
export function durationText(minutes: number): string {
  const total = Math.abs(Math.round(minutes));
  if (total < 60) return _t("%s min", total);
  if (total < MINUTES_OF_DAY) {
    const rest = total % 60;
    const hours = Math.floor(total / 60);
    return rest === 0 ? _t("%s h", hours) : _t("%s h %s", hours, String(rest).padStart(2, "0"));
  }
  const days = Math.floor(total / MINUTES_OF_DAY);
  const hours = Math.floor((total % MINUTES_OF_DAY) / 60);
  return hours === 0 ? _t("%s d", days) : _t("%s d %s h", days, hours);
}
