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

/** Now by the device's clock, where no answer of the server says it. */
export function deviceNow(): DateTime {
  return deserializeDateTime(new Date().toISOString().slice(0, 19).replace("T", " "));
}

/** The zone in which the user's clock stands: the browser's, in which Odoo shows every instant. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Hours as the user's language writes them, 12 or 24, as Odoo's own lists do. */
const CLOCK = { hour: "numeric", minute: "2-digit" } as const;

/**
 * `14:30` today, `Tue 14:30` within the week, else `12 Nov 14:30`; empty without an instant.
 * `zone` is where the clock stands, by default with the user; "today" is the day of that clock.
 */
export function clockText(value: OdooInstant, now: DateTime, zone: string | false = false): string {
  const at = there(instant(value), zone);
  const today = there(now, zone);
  if (at === null || today === null) return "";
  const time = at.toLocaleString(CLOCK);
  if (at.hasSame(today, "day")) return time;
  const days = Math.abs(at.startOf("day").diff(today.startOf("day"), "days").days);
  const day =
    days < 7
      ? at.toLocaleString({ weekday: "short" })
      : at.toLocaleString({ day: "numeric", month: "short" });
  return `${day} ${time}`;
}

/** Everything about an instant, for a tooltip: date, time, zone; where another clock is, both. */
export function fullText(value: OdooInstant, zone: string | false = false): string {
  const at = instant(value);
  if (at === null) return "";
  const text = (clock: DateTime) =>
    clock.toLocaleString({
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      ...CLOCK,
      timeZoneName: "short",
    });
  return isElsewhere(at, zone) ? `${text(at.setZone(zone))} · ${text(at)}` : text(at);
}

/** Whether the clock at a place differs from the user's own then. */
export function isElsewhere(at: DateTime, zone: string | false): zone is string {
  const site = there(at, zone);
  return site !== null && site.offset !== at.offset;
}

/** The instant by the clock of a zone; by the user's own where the zone is not known. */
function there(at: DateTime | null, zone: string | false): DateTime | null {
  if (at === null || zone === false) return at;
  const site = at.setZone(zone);
  return site.isValid ? site : at;
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
