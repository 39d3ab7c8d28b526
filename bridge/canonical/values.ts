/** The small values that facts are made of: text, decimals, instants, places. */
import { z } from "zod";

/** Text for people and codes: no control characters, which PostgreSQL (NUL) and logs choke on. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    // eslint-disable-next-line no-control-regex -- refusing them is the point
    .regex(/^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/, "holds a control character");

/**
 * A decimal as text, so that no float of ours touches money or quantities. At most 6 places, and 12 digits
 * before them: Odoo's own amounts are floats, which keep no more, and a bill of more would end as one
 * that does not add up.
 */
export const decimal = z
  .string()
  .max(24)
  .regex(
    /^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$/,
    "must be a plain decimal of at most 12 digits before the point, such as 12.50",
  );

/** ISO 4217, upper case. */
export const currency = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code");

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");

/** UTC, to the second: `2026-11-23T08:00:00Z`. Odoo's datetimes carry no fraction. */
export const utc = z
  .string()
  .regex(
    /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/,
    "must be UTC to the second, such as 2026-11-23T08:00:00Z",
  )
  .refine((value) => {
    const parsed = new Date(value);
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value.slice(0, -1));
  }, "is not a day of the calendar");

/** A day of the calendar without a time, as bills carry it: `2026-11-23`. */
export const day = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, "must be a day, such as 2026-11-23")
  .refine((value) => {
    const parsed = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
  }, "is not a day of the calendar");

/** How exact the sender was; `date` when the time was unknown (X12 0000, EDIFACT 102). */
const PRECISIONS = ["second", "minute", "date"] as const;

/**
 * An instant in UTC with the zone that it was told in.
 * `zone` is an IANA name or a fixed offset (`+01:00`); `zone_inferred` says that the sender
 * named none and the stop's zone was taken.
 */
export const instant = z.strictObject({
  at: utc,
  zone: text(64).optional(),
  precision: z.enum(PRECISIONS),
  zone_inferred: z.boolean().optional(),
});

/** A place as the sender described it. Latitude and longitude are decimal degrees (WGS 84). */
export const place = z.strictObject({
  name: text(256).optional(),
  street: text(256).optional(),
  postal_code: text(32).optional(),
  city: text(128).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code")
    .optional(),
  unlocode: z
    .string()
    .regex(/^[A-Z]{2}[A-Z2-9]{3}$/, "must be a UN/LOCODE")
    .optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  zone: text(64).optional(),
});

export type Instant = z.infer<typeof instant>;
export type Place = z.infer<typeof place>;
