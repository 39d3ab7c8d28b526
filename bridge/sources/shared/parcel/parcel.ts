/**
 * One tracked parcel as facts. The parcel APIs differ in names and codes but all tell the same: a
 * number, a history of scans, a current status, perhaps a forecast and a signer.
 */
import type { MilestoneCode } from "../../../canonical/codes.ts";
import type { StopReference } from "../../../canonical/fact.ts";
import type { Reading } from "../../../canonical/reading.ts";
import type { Instant } from "../../../canonical/values.ts";
import { instantAtPlace } from "../json/instant_at.ts";
import type { InstantRules } from "../reading/instants.ts";
import { PART_ENTITIES } from "../reading/parts.ts";
import type { ZonedPlace } from "../reading/places.ts";
import type { JsonNode } from "../json/node.ts";
import { type ReadingBuilder, defined } from "../reading/reading.ts";
import type { Parcel, Scan } from "./model.ts";
import { addLink, addProof } from "./proofs.ts";

export type { Parcel, Scan } from "./model.ts";

const PICKUP = new Set<MilestoneCode>(["arrived_pickup", "loaded", "picked_up"]);
const TERMINAL = new Set<MilestoneCode>(["arrived_terminal", "departed_terminal"]);
const DELIVERY = new Set<MilestoneCode>([
  "out_for_delivery",
  "available",
  "delivery_attempted",
  "arrived_delivery",
  "delivered",
  "partially_delivered",
  "refused",
]);
/** Statuses that must not be lost when no scan carries them. */
const FINAL = new Set<MilestoneCode>([
  ...DELIVERY,
  "returned",
  "cancelled",
  "delayed",
  "booked",
  "picked_up",
]);

/** Current statuses that only say that nothing is known. */
const SILENT: ReadonlySet<string> = new Set(["unknown", "UNKNOWN", "UNKNOWN/other", "UN"]);

export function isDelivered({ meaning }: Pick<Scan, "meaning">): boolean {
  return meaning?.code === "delivered";
}

/** The parcel's scans, read a few at a time, so that other work gets its turn in between. */
export function* scansOf(
  builder: ReadingBuilder,
  nodes: readonly JsonNode[],
  read: (node: JsonNode) => Scan[],
): Generator<Reading, Scan[]> {
  const scans: Scan[] = [];
  for (const [index, node] of nodes.entries()) {
    scans.push(...read(node));
    if ((index + 1) % PART_ENTITIES === 0) yield builder.take();
  }
  return scans;
}

/** Adds the parcel's milestones, forecast and proof of delivery, a few scans at a time. */
export function* addParcel(builder: ReadingBuilder, parcel: Parcel): Generator<Reading> {
  if (parcel.identifiers.length === 0) {
    builder.finding("error", "no_identifier", parcel.path, "a tracker without a tracking number");
    return;
  }
  const isReturned = parcel.isReturned || parcel.current?.meaning?.code === "returned";
  const history = isReturned ? homeAgain(parcel.scans) : parcel.scans;
  const scans = [...history, ...currentScan(builder, { ...parcel, scans: history })];
  for (const [index, scan] of scans.entries()) {
    addScan(builder, parcel, scan);
    if ((index + 1) % PART_ENTITIES === 0) yield builder.take();
  }
  const delivered = scans.find(isDelivered);
  if (parcel.eta !== undefined) addForecast(builder, parcel, parcel.eta);
  // Who signed for a parcel that came back is the shipper.
  if (parcel.signer !== undefined && !isReturned) {
    addProof(builder, parcel, parcel.signer, delivered?.occurred);
  }
  for (const paper of parcel.papers ?? []) {
    if (delivered !== undefined && !isReturned) addLink(builder, parcel, paper, delivered.occurred);
    else builder.finding("warning", "evidence_not_read", paper.path, "a picture, and no delivery");
  }
  warnOfReturn(builder, scans);
  if (scans.length === 0) {
    builder.finding("warning", "no_scans", parcel.path, "the tracker has no scan yet");
  }
  yield builder.take();
}

/**
 * The scans of a parcel that the sender calls returned: "delivered" since the return began is the
 * shipper's own door.
 */
function homeAgain(scans: readonly Scan[]): Scan[] {
  const began = scans
    .filter(({ meaning }) => meaning?.code === "returned")
    .map(({ occurred }) => occurred.at)
    .toSorted()[0];
  return scans.map((scan) => {
    const isHome = began === undefined || scan.occurred.at >= began;
    return isDelivered(scan) && isHome ? { ...scan, meaning: { code: "returned" } } : scan;
  });
}

/** The current status as a scan of its own, unless the history has it already. */
function currentScan(builder: ReadingBuilder, parcel: Parcel): Scan[] {
  const { current } = parcel;
  if (current === undefined || SILENT.has(current.rawCode)) return [];
  const { code, conditions } = current.meaning ?? {};
  const known = parcel.scans.some(
    ({ meaning }) =>
      meaning?.code === code &&
      conditions?.every((it) => meaning?.conditions?.includes(it)) !== false,
  );
  const worth = code === undefined ? conditions !== undefined : FINAL.has(code);
  if (known && current.meaning !== undefined) return [];
  // An unknown status is shown once even though a scan tells the same place and time.
  if (current.meaning !== undefined && !worth) return [];
  if (parcel.scans.some(({ rawCode }) => rawCode === current.rawCode)) return [];
  if (current.occurred !== undefined) return [{ ...current, occurred: current.occurred }];
  builder.finding(
    "warning",
    "time_of_update",
    current.path,
    "the status has no time of its own; the update's was taken",
  );
  const occurred = { at: parcel.recordedAt, precision: "date", zone_inferred: true } as const;
  return [{ ...current, occurred, timeOfUpdate: true }];
}

function addScan(builder: ReadingBuilder, parcel: Parcel, scan: Scan): void {
  const { code, conditions, reason } = scan.meaning ?? {};
  if (code === undefined && conditions === undefined) {
    builder.finding(
      "warning",
      "unmapped_code",
      scan.path,
      `no meaning is known for ${scan.rawCode}`,
    );
  }
  builder.milestone(
    defined({
      kind: "milestone",
      message_path: scan.path,
      identifiers: parcel.identifiers,
      applies_to: "one",
      ...(scan.timeOfUpdate && {
        source_event: `${parcel.trackerId}/${scan.rawCode}`.slice(0, 128),
        version: parcel.recordedAt,
      }),
      recorded_at: parcel.recordedAt,
      code,
      conditions: conditions === undefined ? undefined : [...conditions],
      classifier: "actual",
      occurred: scan.occurred,
      stop: stopOf(code),
      place: scan.place,
      reasons: reason === undefined ? undefined : [{ code: reason, raw: scan.rawCode }],
      raw_code: scan.rawCode,
      raw_text: scan.rawText,
    }),
    parcel.lane,
  );
}

/** A later forecast replaces an earlier one, also when it returns to a day named before. */
function addForecast(
  builder: ReadingBuilder,
  parcel: Parcel,
  eta: NonNullable<Parcel["eta"]>,
): void {
  builder.milestone(
    {
      kind: "milestone",
      message_path: eta.path,
      identifiers: parcel.identifiers,
      applies_to: "one",
      source_event: `${parcel.trackerId}/eta`,
      version: parcel.recordedAt,
      recorded_at: parcel.recordedAt,
      code: "eta_updated",
      classifier: "estimated",
      occurred: eta.instant,
      stop: { kind: "delivery" },
      raw_code: "eta",
    },
    parcel.lane,
  );
}

/** After a return, "delivered" may mean the sender's own door: a person has to look. */
function warnOfReturn(builder: ReadingBuilder, scans: readonly Scan[]): void {
  const returned = scans.find((scan) => scan.meaning?.code === "returned");
  if (returned === undefined) return;
  for (const scan of scans) {
    if (isDelivered(scan) && scan.occurred.at >= returned.occurred.at) {
      builder.finding(
        "warning",
        "delivered_after_return",
        scan.path,
        "delivered after a return: to whom?",
      );
    }
  }
}

function stopOf(code: MilestoneCode | undefined): StopReference | undefined {
  if (code === undefined) return undefined;
  if (PICKUP.has(code)) return { kind: "pickup" };
  if (TERMINAL.has(code)) return { kind: "terminal" };
  return DELIVERY.has(code) ? { kind: "delivery" } : undefined;
}

/**
 * The scan's own time on the clock of its place, or an error finding that says which scan could not
 * be used.
 */
export function scanTime(
  builder: ReadingBuilder,
  node: JsonNode,
  { zone }: ZonedPlace,
  rules: InstantRules,
  rawCode: string,
): Instant | undefined {
  if (node.text(64) === undefined) {
    builder.finding("error", "no_time", node.path, `the scan ${rawCode} has no time`);
  }
  return instantAtPlace(builder, node, zone, rules);
}
