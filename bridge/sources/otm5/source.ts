/** Open Trip Model 5, pushed and polled, with transport orders the other way. */
import { MilepostError } from "../../errors.ts";
import { parseDocument } from "../shared/json/document.ts";
import { LongList } from "../shared/json/long_list.ts";
import { JsonNode } from "../shared/json/node.ts";
import { PART_ENTITIES, wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder } from "../shared/reading/reading.ts";
import { type KnownVersions, requireVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { listType } from "./entity.ts";
import { entityNodes, type Fault, validate, type Validated } from "./validate.ts";
import { sendOrder } from "./order.ts";
import { readOrder } from "./standing.ts";
import { sendOutcome } from "./outcome.ts";
import { fetchEntities } from "./poll.ts";
import { readEntity } from "./read.ts";
import { rootScope } from "./scope.ts";
import { type Otm5Settings, settings } from "./settings.ts";

const ID = "otm5";

export const otm5Source: Source<Otm5Settings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  contentTypes: ["application/json"],
  check,
  read: (message, configured) => wholeOf(readParts(message, configured)),
  readParts,
  fetchPage: fetchEntities,
  cursorFrom: (since, { poll }) =>
    JSON.stringify({ lists: Object.fromEntries(poll.paths.map((path) => [path, { since }])) }),
  sendOrder,
  readOrder,
  sendOutcome,
  refusedFiles: ({ orders }) =>
    orders.cancellation === "delete"
      ? "a cancellation by DELETE is no file: set settings.orders.cancellation: update_event"
      : undefined,
};

/** Refuses a message with any faulty entity, naming the first fault. */
function check(message: RawMessage, configured: Otm5Settings): void {
  recogniseVersion(message, configured);
  const faults = [...validateMessage(message)].flatMap((it) => it.faults);
  if (faults[0] !== undefined) throw refused(faults[0], faults.length);
}

/**
 * Reads the good entities; a faulty one becomes error findings, so that it costs no other of a
 * polled page. A message without any good entity is refused.
 */
function* readParts(message: RawMessage, configured: Otm5Settings): Generator<Reading> {
  recogniseVersion(message, configured);
  const builder = new ReadingBuilder(message.receivedAt);
  const scope = rootScope(builder, message, configured);
  const all: Fault[] = [];
  let good = 0;
  let count = 0;
  const list = LongList.of(ID, message.body);
  if (list !== undefined) yield* list.checked();
  for (const { node, faults } of validateMessage(message, list)) {
    all.push(...faults);
    if (faults.length > 0) builder.lost("bad_entity", faults);
    else {
      good += 1;
      readEntity(scope, node);
    }
    if (++count % PART_ENTITIES === 0) yield builder.take();
  }
  if (all[0] !== undefined && good === 0) throw refused(all[0], all.length);
  yield builder.done();
}

const KNOWN: KnownVersions = { words: ["5"], knows: (version) => /^v?5(\.|$)/.test(version) };

/** An entity names no version; a partner may, in the header `API-Version`. */
function recogniseVersion({ attributes }: RawMessage, { accept_versions }: Otm5Settings): void {
  const text = attributes["api-version"];
  const said = text === undefined ? undefined : { text, path: "API-Version" };
  requireVersion(ID, said, KNOWN, accept_versions);
}

function validateMessage({ body, attributes }: RawMessage, list?: LongList): Iterable<Validated> {
  const hint = listType(attributes["url"]);
  if (list !== undefined) return validate(list.nodes(), list.length, hint);
  const nodes = entityNodes(new JsonNode(parseDocument(ID, body)));
  return validate(nodes, nodes.length, hint);
}

function refused(fault: Fault, count: number): MilepostError {
  return new MilepostError(`${ID}: ${fault.path}: ${fault.text}`, {
    code: "bad_entity",
    retry: "never",
    culprit: ID,
    path: fault.path,
    ...(count > 1 && { hint: `${count - 1} more faults in this message` }),
  });
}
