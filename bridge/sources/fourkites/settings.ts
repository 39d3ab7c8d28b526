/** What a connection to FourKites may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";

export const settings = z.strictObject({
  /** Zone of times for which the callback names none. */
  zone: zoneName.default("UTC"),
});
export type FourKitesSettings = z.infer<typeof settings>;
