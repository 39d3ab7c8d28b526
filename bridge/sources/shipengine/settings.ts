/** What a connection to ShipEngine may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";
import { acceptVersions } from "../shared/reading/version.ts";

export const settings = z.strictObject({
  /** Zone of local times without their UTC counterpart at a place whose zone is not known. */
  zone: zoneName.default("UTC"),
  /** Tracking webhooks (`resource_type`) other than the known ones that are read all the same. */
  accept_versions: acceptVersions,
});
export type ShipEngineSettings = z.infer<typeof settings>;
