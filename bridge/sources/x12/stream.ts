/** The transaction sets of a file that is read chunk by chunk: memory holds one set at a time. */
import type { Group, TransactionSet, Trouble } from "./envelope.ts";
import { LIMITS, type Limits } from "./tokenizer/limits.ts";
import type { Segment } from "./tokenizer/segment.ts";
import { Tokenizer } from "./tokenizer/tokenizer.ts";
import { Walker, type WalkSink } from "./walker.ts";

export type StreamItem =
  | { set: TransactionSet }
  | { group: Group }
  | { ack: Segment; path: string }
  | { trouble: Trouble };

/** Sets, ends of groups and troubles in the order of the file. */
export async function* streamSets(
  chunks: AsyncIterable<Buffer>,
  limits: Limits = LIMITS,
): AsyncGenerator<StreamItem, void, undefined> {
  let items: StreamItem[] = [];
  const sink: WalkSink = {
    set: (set) => void items.push({ set }),
    groupEnd: (group) => void items.push({ group }),
    interchangeAck: (ack, path) => void items.push({ ack, path }),
    trouble: (trouble) => void items.push({ trouble }),
  };
  const walker = new Walker(sink, limits);
  const tokenizer = new Tokenizer(walker, limits);
  for await (const chunk of chunks) {
    tokenizer.push(chunk);
    yield* items;
    items = [];
  }
  tokenizer.end();
  walker.end();
  yield* items;
}

/** The same over bytes that are in memory already. */
export function walkBytes(body: Buffer, sink: WalkSink, limits: Limits = LIMITS): Walker {
  const walker = new Walker(sink, limits);
  const tokenizer = new Tokenizer(walker, limits);
  tokenizer.push(body);
  tokenizer.end();
  walker.end();
  return walker;
}
