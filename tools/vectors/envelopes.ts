/** What a file's own envelope holds, counted beside the source's reading of it. */
import { walk } from "../../bridge/sources/edifact/envelope.ts";
import { decode, segments } from "../../bridge/sources/edifact/segments.ts";
import { walkBytes } from "../../bridge/sources/x12/stream.ts";

export interface Envelopes {
  /** ISA or UNB; 1 for a JSON document. */
  interchanges: number;
  /** ST or UNH; for JSON the elements of its list, else 1. */
  messages: number;
}

export function countEnvelopes(format: string, body: Buffer): Envelopes {
  if (format === "x12") {
    let acks = 0;
    const { interchanges, sets } = walkBytes(body, {
      set: () => {},
      groupEnd: () => {},
      interchangeAck: () => void acks++,
      trouble: () => {},
    });
    return { interchanges, messages: sets + acks };
  }
  if (format === "edifact") {
    const counts = { interchanges: 0, messages: 0 };
    const text = decode(body);
    for (const walked of walk(segments(text))) {
      if ("message" in walked) counts.messages++;
      else if ("end" in walked) counts.interchanges++;
    }
    return counts;
  }
  return { interchanges: 1, messages: jsonMessages(body) };
}

/** The entries of a list answer: `[…]`, or the one array of objects at its top. */
function jsonMessages(body: Buffer): number {
  const value = JSON.parse(body.toString("utf8").replace(/^\ufeff/, "")) as unknown;
  if (Array.isArray(value)) return value.length;
  const { events, trackers, results } = value as Record<string, unknown>;
  const entries = [events, trackers, results].find((it) => Array.isArray(it));
  return Array.isArray(entries) ? entries.length : 1;
}
