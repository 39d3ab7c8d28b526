/** What a connection to Karrio may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";

export const settings = z.strictObject({
  /** Zone of scans at a place whose zone is not known: Karrio drops the offsets of its carriers. */
  zone: zoneName.default("UTC"),
  /** Polling lists the trackers created in this many days. */
  lookback_days: z.int().min(1).max(180).default(30),
});
export type KarrioSettings = z.infer<typeof settings>;
