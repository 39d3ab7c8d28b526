/** Open Trip Model 5, pushed and polled, with transport orders the other way. */
import { MilepostError } from "../../errors.ts";
import { parseDocument } from "../json/document.ts";
import { JsonNode } from "../json/node.ts";
import { ReadingBuilder } from "../json/reading.ts";
import type { RawMessage, Reading, Source } from "../source.ts";
import { type Fault, judge } from "./judge.ts";
import { sendOrder } from "./order.ts";
import { fetchEntities } from "./poll.ts";
import { readEntity } from "./read.ts";
import { rootScope } from "./scope.ts";
import { type Otm5Settings, settings } from "./settings.ts";

const ID = "otm5";

export const otm5Source: Source<Otm5Settings> = {
  id: ID,
  mapping: `${ID}@1`,
  settings,
  contentTypes: ["application/json"],
  check,
  read,
  fetchPage: fetchEntities,
  sendOrder,
};

/** Refuses a message with any faulty entity, naming the first fault. */
function check(message: RawMessage): void {
  const faults = judge(parse(message)).flatMap((it) => it.faults);
  if (faults[0] !== undefined) throw refused(faults[0], faults.length);
}

/**
 * Reads the good entities; a faulty one becomes error findings, so that it costs no other of a
 * polled page. A message without any good entity is refused.
 */
function read(message: RawMessage, own: Otm5Settings): Reading {
  const builder = new ReadingBuilder();
  const judged = judge(parse(message));
  const [first] = judged.flatMap((it) => it.faults);
  if (first !== undefined && judged.every((it) => it.faults.length > 0))
    throw refused(first, judged.length);
  const scope = rootScope(builder, message, own);
  for (const { node, faults } of judged) {
    for (const { path, text } of faults) builder.finding("error", "bad_entity", path, text);
    if (faults.length === 0) readEntity(scope, node);
  }
  return builder.done();
}

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
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
