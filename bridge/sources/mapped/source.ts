/** Partners without code: a file says how they are reached and what their messages mean. */
import { z } from "zod";
import { MilepostError } from "../../errors.ts";
import { unknownVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import type { EvaluatedDocument } from "./evaluation.ts";
import { buildFacts, readingOf } from "./facts.ts";
import { checkFormat, parseFormat } from "./formats.ts";
import { mappingLabel, refusedWay } from "./mapping.ts";
import { sendOrder, sendOutcome } from "./orders.ts";
import { readOrder, refusedLook } from "./standing.ts";
import { loadPartner, type Partner } from "./partner_file.ts";
import { fetchPage } from "./poll.ts";
import { type Evaluated, processOf } from "./reading_process.ts";
import { applyDifference, DIFFERENCE } from "./snapshot.ts";
import { registerNumber, trackingPage } from "./tracking.ts";

const ID = "mapped";

/** `partner` is the file; a relative one lies in the configuration's `partners_dir`. */
const settings = z.strictObject({ partner: z.string().min(1) }).transform((given, context) => {
  try {
    return loadPartner(given.partner);
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    context.addIssue({ code: "custom", path: ["partner"], message: error.message });
    return z.NEVER;
  }
});

export const mappedSource: Source<Partner, Promise<Reading>> = {
  id: ID,
  mapping: `${ID}@1`,
  settings,
  apart: true,
  contentTypes: [
    "application/json",
    "application/vnd.api+json",
    "text/csv",
    "application/xml",
    "text/xml",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ],
  transport: ({ mapping }) => mapping.transport,
  refusedWay: ({ mapping }, way) => refusedWay(mapping, way),
  check: ({ body }, { mapping }) => checkFormat(mappingLabel(mapping), mapping.format, body),
  document: ({ body }, { mapping }) => parseFormat(mappingLabel(mapping), mapping.format, body),
  read,
  fetchPage: (peer, cursor, partner, signal, now, numbers) =>
    partner.mapping.tracking?.request === undefined
      ? fetchPage(peer, cursor, partner, evaluate, signal, now)
      : trackingPage(peer, cursor, partner, evaluate, signal, now, numbers ?? []),
  tracks: ({ mapping }) => mapping.tracking !== undefined,
  registerNumber,
  sends: ({ mapping: { orders } }, what) =>
    what === "orders" ? orders !== undefined : orders?.outcome !== undefined,
  sendOrder,
  readOrder,
  refusedLook,
  sendOutcome,
  cursorFrom: (since, { mapping }) =>
    mapping.fetch?.since === undefined ? undefined : JSON.stringify({ since }),
};

async function read(message: RawMessage, partner: Partner): Promise<Reading> {
  const { mapping } = partner;
  const { result: evaluated } = await evaluate(message, partner);
  recogniseVersion(partner, evaluated);
  const built = buildFacts(mapping, evaluated, message.receivedAt);
  if (mapping.snapshot !== undefined) applyDifference(built, message.attributes[DIFFERENCE]);
  return readingOf(mapping, built);
}

/** Runs the partner's expressions over a message, in the partner's own process. */
export function evaluate(message: RawMessage, partner: Partner, track = false): Promise<Evaluated> {
  return processOf(partner, mappingLabel(partner.mapping)).evaluate({
    body: message.body,
    attributes: message.attributes,
    receivedAt: message.receivedAt.toISOString(),
    track,
  });
}

function recogniseVersion({ mapping }: Partner, { version }: EvaluatedDocument): void {
  const { versions } = mapping;
  if (versions === undefined || (version !== null && versions.known.includes(version))) return;
  throw unknownVersion(
    mappingLabel(mapping),
    version === null ? undefined : { text: version, path: "" },
    versions.known,
    "teach the mapping this version, enable it, then release the quarantine",
  );
}
