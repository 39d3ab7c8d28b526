/** What became of a shipment's money in Odoo, told to the TMS that moved it. */
import { z } from "zod";
import { currency, day, decimal, text, utc } from "./values.ts";

export const OUTCOME_STATES = ["invoiced", "partly_paid", "paid", "disputed"] as const;

export const outcomeDocument = z.strictObject({
  number: text(64),
  kind: z.enum(["invoice", "credit_note", "debit_note"]),
  date: day,
  /** With tax; negative for a credit note. */
  total: decimal,
  currency,
});

/** The whole state each time: a later outcome of a shipment replaces the ones before it. */
export const outcome = z.strictObject({
  /** The transport order's id, by which the TMS knows the shipment. */
  id: z.uuid(),
  consignment_id: z.uuid(),
  shipment: text(64),
  state: z.enum(OUTCOME_STATES),
  at: utc,
  documents: z.array(outcomeDocument).max(100),
});

export type Outcome = z.infer<typeof outcome>;
