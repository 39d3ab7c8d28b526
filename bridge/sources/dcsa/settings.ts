/** What a connection to a DCSA carrier may set. */
import { z } from "zod";
import { overlapSetting } from "../shared/json/round.ts";
import { acceptVersions } from "../shared/reading/version.ts";

const reference = z
  .strictObject({
    booking: z.string().min(1).max(100).optional(),
    transport_document: z.string().min(1).max(100).optional(),
    equipment: z.string().min(1).max(15).optional(),
  })
  .refine(
    (it) => Object.keys(it).length > 0,
    "name a booking, a transport_document or an equipment",
  );

export const settings = z.strictObject({
  /** The carrier's API version, for polling; messages are recognised by their own shape. */
  version: z.enum(["2.2", "2.3", "3.0"]).default("2.2"),
  path: z.string().startsWith("/").default("/v2/events"),
  page_size: z.int().min(1).max(1000).default(100),
  /** Asks again for what came this long before, for events that are written late. */
  overlap_seconds: overlapSetting,
  /** What to ask for, when the carrier does not list all events; empty asks for everything. */
  references: z.array(reference).max(10_000).default([]),
  /** Values of the `API-Version` header other than 2 and 3 that are read all the same. */
  accept_versions: acceptVersions,
});
export type DcsaSettings = z.infer<typeof settings>;
