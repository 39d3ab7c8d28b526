/** Tracking numbers of which Odoo wants to hear. */
import { z } from "zod";
import { text } from "./values.ts";

/** `milepost.exchange.tracked_numbers` (1.7): a page of them. */
export const trackedNumbersAnswer = z.object({
  numbers: z.array(z.object({ number: text(128), carrier: z.string().max(128) })),
  /** Where the next page begins; 0 when there is none. */
  next: z.int().min(0),
});
export type TrackedNumbers = z.infer<typeof trackedNumbersAnswer>;
