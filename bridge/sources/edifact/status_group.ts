import type { Segment } from "./segments.ts";

/** One STS with what belongs to it. */
export interface StatusGroup {
  sts: Segment;
  /** Up to the first TDT. */
  own: Segment[];
  /** From the first TDT on. */
  legs: Segment[];
}
