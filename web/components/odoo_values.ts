/** How Odoo writes values that have no type of their own in JSON. */

/** A datetime: UTC, `2026-11-23 08:00:00`; false when there is none. */
export type OdooInstant = string | false;
