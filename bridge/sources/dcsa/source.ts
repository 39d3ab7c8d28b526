/** DCSA Track & Trace 2.2, 2.3 and 3.0, polled and pushed. */
import { MilepostError } from "../../errors.ts";
import { parseDocument } from "../shared/json/document.ts";
import { utcOf } from "../shared/reading/instants.ts";
import { LongList } from "../shared/json/long_list.ts";
import { JsonNode } from "../shared/json/node.ts";
import { PART_ENTITIES, wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder } from "../shared/reading/reading.ts";
import { type KnownVersions, requireVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { addEvent } from "./event.ts";
import { eventNodes, type Fault, validate, type Validated } from "./validate.ts";
import { fetchEvents } from "./poll.ts";
import { readV2 } from "./v2.ts";
import { addRetraction, readV3 } from "./v3.ts";
import { type DcsaSettings, settings } from "./settings.ts";
import { dcsaVerifier, dcsaV3Verifier } from "./verifier.ts";

const ID = "dcsa";

export const dcsaSource: Source<DcsaSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { dcsa_2: dcsaVerifier, dcsa_3: dcsaV3Verifier },
  contentTypes: ["application/json"],
  check,
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  fetchPage: fetchEvents,
  cursorFrom: (since) => JSON.stringify({ since }),
};

/** Refuses a message with any faulty event, naming the first fault. */
function check(message: RawMessage, given: DcsaSettings): void {
  recogniseVersion(message, given);
  const validated = validate(eventNodes(parse(message)), message.receivedAt);
  const faults = [...validated].flatMap((it) => it.faults);
  if (faults[0] !== undefined) throw refused(faults[0], faults.length);
}

/**
 * Reads the good events; each faulty one becomes error findings, so that one bad event in a polled
 * page costs no other. A message without any good event is refused.
 */
function* readParts(message: RawMessage, given: DcsaSettings): Generator<Reading> {
  recogniseVersion(message, given);
  const builder = new ReadingBuilder(message.receivedAt);
  const all: Fault[] = [];
  let good = 0;
  let count = 0;
  const list = LongList.of(ID, message.body);
  if (list !== undefined) yield* list.checked();
  const nodes = list?.nodes() ?? eventNodes(parse(message));
  for (const event of validate(nodes, message.receivedAt)) {
    all.push(...event.faults);
    if (event.faults.length > 0) builder.lost("bad_event", event.faults);
    else {
      good += 1;
      readEvent(builder, event, message.receivedAt);
    }
    if (++count % PART_ENTITIES === 0) yield builder.take();
  }
  if (all[0] !== undefined && good === 0) throw refused(all[0], all.length);
  yield builder.done();
}

function readEvent(builder: ReadingBuilder, { node, version }: Validated, receivedAt: Date): void {
  if (version === "3-retraction") return addRetraction(builder, node, utcOf(receivedAt));
  const event = version === "2" ? readV2(node) : readV3(node);
  if (event !== undefined) addEvent(builder, event);
  else builder.lost("bad_event", [{ path: node.path, text: "a time beyond the calendar" }]);
}

const KNOWN: KnownVersions = {
  words: ["2", "3"],
  knows: (version) => /^[23](\.|$)/.test(version),
};

/** Carriers may name their API's version in a header (DCSA's API design principles). */
function recogniseVersion({ attributes }: RawMessage, { accept_versions }: DcsaSettings): void {
  const text = attributes["api-version"];
  const said = text === undefined ? undefined : { text, path: "API-Version" };
  requireVersion(ID, said, KNOWN, accept_versions);
}

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

function refused(fault: Fault, count: number): MilepostError {
  return new MilepostError(`${ID}: ${fault.path}: ${fault.text}`, {
    code: "bad_event",
    retry: "never",
    culprit: ID,
    path: fault.path,
    ...(count > 1 && { hint: `${count - 1} more faults in this message` }),
  });
}
