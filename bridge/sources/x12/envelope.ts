/** What surrounds the messages: interchange (ISA…IEA), functional group (GS…GE), set (ST…SE). */
import { type Segment, element } from "./tokenizer/segment.ts";
import type { Separators } from "./tokenizer/separators.ts";

/** Something to tell the sender or the operator about the envelope or its bytes. */
export interface Trouble {
  severity: "warning" | "error";
  code: string;
  path: string;
  text: string;
}

export interface Interchange {
  /** Counts the interchanges of the file, from 1. */
  ordinal: number;
  isa: Segment;
  separators: Separators;
  /** Functional groups seen so far. */
  groups: number;
}

export interface Group {
  interchange: Interchange;
  ordinal: number;
  path: string;
  gs: Segment;
  /** GS01: QM for 214, IM for 210, SM for 204, GF for 990, FA for 997, QO for 315. */
  functionalId: string;
  /** GS06. */
  control: string;
  /** Sets seen so far. */
  sets: number;
  /** What the trailer says: GE01. */
  declaredSets: number | undefined;
  /** X12 element 716: codes for AK905. */
  faults: string[];
}

export interface TransactionSet {
  group: Group;
  path: string;
  /** ST01. */
  type: string;
  /** ST02. */
  control: string;
  /** From ST to the segment before SE: index i is position i + 1. */
  segments: Segment[];
  /** X12 element 718: codes for AK502. */
  faults: string[];
  /** Longer than the limits: its segments were not kept. */
  oversized: boolean;
}

export const interchangePath = (ordinal: number): string => `ISA${ordinal}`;

/** ISA/GS identifiers, trimmed of their padding. */
export function partiesOf({ interchange, gs }: Group) {
  const isa = interchange.isa;
  return {
    senderQualifier: element(isa, 5) ?? "ZZ",
    sender: element(isa, 6) ?? "",
    receiverQualifier: element(isa, 7) ?? "ZZ",
    receiver: element(isa, 8) ?? "",
    groupSender: element(gs, 2) ?? "",
    groupReceiver: element(gs, 3) ?? "",
    interchangeControl: element(isa, 13) ?? "",
    usage: element(isa, 15) ?? "P",
  };
}
