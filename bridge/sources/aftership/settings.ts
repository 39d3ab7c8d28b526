/** What a connection to AfterShip may set. */
import { z } from "zod";
import { overlapSetting } from "../shared/json/round.ts";
import { zoneName } from "../shared/reading/instants.ts";
import { acceptVersions } from "../shared/reading/version.ts";

export const settings = z.strictObject({
  /**
   * Zone of times that come without offset, as AfterShip tells them where the carrier gave none,
   * and at a place whose zone is not known.
   */
  zone: zoneName.default("UTC"),
  /** Path of the list of trackings; it carries the API's version. */
  path: z.string().startsWith("/").default("/tracking/2025-07/trackings"),
  /** Asks again for what changed this long before, for trackings that are written late. */
  overlap_seconds: overlapSetting,
  /** Webhook versions after 2025-07 that are read all the same. */
  accept_versions: acceptVersions,
});
export type AfterShipSettings = z.infer<typeof settings>;
