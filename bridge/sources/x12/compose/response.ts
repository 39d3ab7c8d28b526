/** 990: our answer to a load tender that a partner sent us. */
import { free, type OutSegment, type OutSet } from "../writer.ts";

export interface TenderAnswer {
  /** Our SCAC, and the number of the tender (B204). */
  scac: string;
  tender: string;
  /** The day of the answer. */
  on: Date;
  answer: "accepted" | "conditional" | "counter_proposal" | "cancelled" | "declined";
  /** Our own number for it, told as CN. */
  reference?: string;
  /** Why, or under which terms. */
  remark?: string;
}

const ACTIONS: Readonly<Record<TenderAnswer["answer"], string>> = {
  accepted: "A",
  conditional: "B",
  counter_proposal: "C",
  cancelled: "D",
  declined: "E",
};

export function composeResponse(told: TenderAnswer): OutSet {
  const day = told.on.toISOString().slice(0, 10).replaceAll("-", "");
  const segments: OutSegment[] = [["B1", told.scac, told.tender, day, ACTIONS[told.answer]]];
  if (told.reference !== undefined) segments.push(["N9", "CN", told.reference]);
  for (const piece of told.remark?.match(/[^]{1,30}/g)?.slice(0, 10) ?? []) {
    segments.push(["K1", free(piece, 30)]);
  }
  return { type: "990", segments };
}
