/**
 * Segments that nobody reads: each is said once a message, so that what a partner tells in a place
 * where nobody looks is not lost in silence.
 */
import type { MessageContext } from "./message_context.ts";

const segments = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(" ")));

/** Parties' contacts and banks, measures, goods and dangers: no fact has a place for them. */
const PARTY = "NAD CTA COM LOC FII DOC";
const GOODS = "MEA DIM HAN DGS SGP TMD TPL EQA EQN PCI PAC PIA GIR QVR";

/** By message: what is read, and what is of the message's directory (D.96A, D.00B) but says nothing here. */
const EXPECTED: Readonly<Record<string, ReadonlySet<string>>> = {
  IFTSTA: segments("UNH BGM DTM TSR CNT CNI STS RFF FTX TDT EQD SEL GID GIN", PARTY, GOODS),
  INVOIC: segments(
    "UNH BGM DTM RFF CUX LIN IMD FTX QTY PRI ALC TAX MOA UNS CNT",
    "PAI ALI PAT PCD TDT TOD RNG RTE APR RCS EQD SEL GIN",
    PARTY,
    GOODS,
  ),
  // CDI: a state without a quantity says nothing of how many came.
  RECADV: segments(
    "UNH BGM DTM RFF LIN PIA IMD QTY QVR GIN EQD SEL CNT",
    "ALI CDI INP TOD TDT CPS PRI",
    PARTY,
    GOODS,
  ),
  DESADV: segments(
    "UNH BGM DTM RFF CPS PAC PCI GIN LIN PIA IMD QTY QVR GIR EQD SEL CNT",
    "ALI MOA CUX TOD TDT HAN FTX TMD",
    PARTY,
    GOODS,
  ),
};

export function sayUnread(context: MessageContext): void {
  const { type, segments: all } = context.message;
  const expected = Object.hasOwn(EXPECTED, type) ? EXPECTED[type] : undefined;
  if (expected === undefined) return;
  const said = new Set<string>();
  for (const segment of all) {
    if (expected.has(segment.tag) || said.has(segment.tag)) continue;
    said.add(segment.tag);
    const text = `${segment.tag} is not read in ${type}`;
    context.finding("warning", "segment_not_read", text, segment);
  }
}
