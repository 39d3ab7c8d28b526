/** What a connection to a consumer of events may set. */
import { z } from "zod";

export const settings = z.strictObject({
  /** Below `peer.base_url`: where he takes the events. */
  path: z
    .string()
    .regex(/^\/?[\w.~%/-]+$/, "must be a path, such as /hooks/milepost")
    .default("events"),
});
export type ConsumerSettings = z.infer<typeof settings>;
