/** X12: 214, 210, 204, 990, 997 and 315, as files or over HTTP. */
import { unreadable } from "../json/document.ts";
import { ReadingBuilder } from "../json/reading.ts";
import type { RawMessage, Reading, Source } from "../source.ts";
import type { Group, Trouble } from "./envelope.ts";
import { messageTime } from "./message_time.ts";
import { READERS } from "./sets/readers.ts";
import { SetContext } from "./set_context.ts";
import { settings as settingsType, type X12Settings } from "./settings.ts";
import { walkBytes } from "./stream.ts";

const ID = "x12";

export const x12Source: Source<X12Settings> = {
  id: ID,
  mapping: `${ID}@1`,
  settings: settingsType,
  contentTypes: [
    "application/edi-x12",
    "application/x12",
    "text/plain",
    "application/octet-stream",
  ],
  check,
  read,
};

/** Refuses what holds no interchange or no message; everything else is read as far as it goes. */
function check({ body }: RawMessage): void {
  const troubles: Trouble[] = [];
  let acks = 0;
  const walker = walkBytes(body, {
    set: () => {},
    groupEnd: () => {},
    interchangeAck: () => void (acks += 1),
    trouble: (trouble) => void troubles.push(trouble),
  });
  if (walker.interchanges === 0) throw unreadable(ID, "not_x12", "", "there is no readable ISA");
  if (walker.sets + acks > 0) return;
  const first = troubles.find(({ code }) => code === "no_transaction_set");
  throw unreadable(ID, "no_transaction_set", first?.path ?? "ISA1", "holds no transaction set");
}

function read(message: RawMessage, settings: X12Settings): Reading {
  check(message);
  const builder = new ReadingBuilder();
  const times = new Map<Group, string>();
  const timeOf = (group: Group): string => {
    let known = times.get(group);
    if (known === undefined) {
      const { at, trouble } = messageTime(group, settings.zone, message.receivedAt);
      if (trouble !== undefined) builder.finding("warning", "message_time", group.path, trouble);
      times.set(group, (known = at));
    }
    return known;
  };
  walkBytes(message.body, {
    set: (set) => readSet(new SetContext(set, settings, builder, timeOf(set.group))),
    groupEnd: () => {},
    interchangeAck: (_ta1, path) => builder.finding("warning", "interchange_ack", path, "TA1"),
    trouble: ({ severity, code, path, text }) => builder.finding(severity, code, path, text),
  });
  return builder.done();
}

function readSet(context: SetContext): void {
  const { set, builder } = context;
  const reader = Object.hasOwn(READERS, set.type) ? READERS[set.type] : undefined;
  if (reader === undefined) {
    context.rejected = true;
    const text = `transaction set ${set.type || "without a number"} is not read`;
    builder.finding("error", "unsupported_set", set.path, text);
  } else if (!set.oversized) reader(context);
}
