/** What a connection to EasyPost may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";

export const settings = z.strictObject({
  /** Zone of times without offset (EasyPost normally sends one) at a place whose zone is not known. */
  zone: zoneName.default("UTC"),
  /** Polling lists the trackers created in this many days. */
  lookback_days: z.int().min(1).max(180).default(30),
});
export type EasyPostSettings = z.infer<typeof settings>;
