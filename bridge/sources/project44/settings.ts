/** What a connection to project44 may set. */
import { z } from "zod";
import { zoneName } from "../shared/reading/instants.ts";

export const settings = z.strictObject({
  /** Zone of times without offset; project44 documents that it always sends one. */
  zone: zoneName.default("UTC"),
});
export type Project44Settings = z.infer<typeof settings>;
