/** What is sealed of a fact, and where it belongs. */
import type { SealedTable } from "../resealing.ts";

/** A fact's body is sealed before its row has a number. */
export function placeOfBody(connection: unknown, key: unknown): string {
  return `fact.body/${String(connection)}/${String(key)}`;
}

export function placeOfReason(seq: unknown): string {
  return `fact.reason/${String(seq)}`;
}

export const sealedFacts: SealedTable = {
  table: "fact",
  key: ["seq"],
  columns: ["body", "reason"],
  place: (row, column) =>
    column === "body" ? placeOfBody(row["connection"], row["key"]) : placeOfReason(row["seq"]),
};
