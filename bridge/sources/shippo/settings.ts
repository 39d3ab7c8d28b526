/** What a connection to Shippo may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";

export const settings = z.strictObject({
  /** Zone of times without offset (Shippo normally sends UTC) at a place whose zone is not known. */
  zone: zoneName.default("UTC"),
});
export type ShippoSettings = z.infer<typeof settings>;
