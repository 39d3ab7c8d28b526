/** What the parcel APIs tell of a parcel, whatever they call it. */
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { Instant, Place } from "../../../canonical/values.ts";
import type { ParcelMeaning } from "./codes.ts";

export interface Scan {
  /** JSON pointer of the scan. */
  path: string;
  rawCode: string;
  rawText?: string | undefined;
  /** Nothing when the code is not in the table. */
  meaning?: ParcelMeaning | undefined;
  occurred: Instant;
  place?: Place | undefined;
  /** The time is the update's, which moves on with each update: then the scans replace each other. */
  timeOfUpdate?: boolean;
}

export interface Parcel {
  path: string;
  identifiers: Identifier[];
  lane: string;
  /** When the sender said all this: the tracker's update time. */
  recordedAt: string;
  /** The sender's id of the tracker, under which its forecasts replace each other. */
  trackerId: string;
  scans: Scan[];
  /** The current status, for senders that know it before (or without) the scan that caused it. */
  current?: Omit<Scan, "occurred"> & { occurred?: Instant | undefined };
  /** The sender says so apart from the status. */
  isReturned?: boolean;
  eta?: { path: string; instant: Instant } | undefined;
  signer?: { path: string; text: string } | undefined;
  /** Pictures of the delivery and the signature, behind links. */
  papers?: ReadonlyArray<{ path: string; url: string; name: string }>;
}
