/**
 * Segments of a set that nobody reads: each is said once, so that what a partner tells in a place
 * where nobody looks is not lost in silence.
 */
import { lookup } from "../codes/lookup.ts";
import type { SetContext } from "../set_context.ts";

const segments = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(" ")));

const PARTY = "N1 N2 N3 N4 G61 PER";
const DANGEROUS = "LH1 LH2 LH3 LH4 LH6 LHT LFH LEP H1 H2";

/**
 * By set: what is read, and what is of the standard but says nothing that a fact could hold (goods,
 * handling, tariffs, dangerous goods, routes). Releases 004010 to 005040.
 */
const EXPECTED: Readonly<Record<string, ReadonlySet<string>>> = {
  "110": segments(
    "ST B3 C3 ITD N9 LX P1 POD L1 ACS L3",
    PARTY,
    "B3A C2 DTM R1 V9 L0 L4 L5 L10 SL1 G47 RMT NTE LS LE",
  ),
  "204": segments(
    "ST B2 B2A L11 G62 N7 M7 S5 OID",
    PARTY,
    "C3 MS3 AT5 RTT PLD NTE N7A N7B MEA AT8 LAD L3 L4 L5 LX",
    DANGEROUS,
  ),
  "210": segments(
    "ST B3 C3 ITD L11 N9 G62 N7 M7 L1 L3 L9 OID",
    PARTY,
    "B2A B3A C2 R3 H3 H6 K1 S5 LX L0 L4 L5 L7 CD3 SDQ",
    DANGEROUS,
  ),
  "214": segments(
    "ST B10 L11 MAN K1 LX CD3 AT7 MS1 MS2 Q7 AT8 NM1 OID PRF M7",
    PARTY,
    "MS3 AT5 G62 SDQ EFI BIN",
  ),
  "315": segments("ST B4 N9 Q2 SG R4 DTM"),
  "861": segments(
    "ST BRA REF DTM PRF N9 RCD SN1 LIN PID MAN CTT",
    PARTY,
    "CUR TD1 TD3 TD4 TD5 MEA FOB PO4 LM LQ FA1 FA2 SAC SLN",
  ),
  "944": segments("ST W17 N9 W07 W13 G69 MAN", PARTY, "G62 NTE W08 W18 G08 TD1 LX PAL W20 W14"),
  "945": segments(
    "ST W06 N9 G62 LX MAN W12 G69",
    PARTY,
    "NTE W27 W6 W28 W10 G72 TD1 LM LQ PAL QTY MEA AMT R4 LS LE FA1 FA2 W03",
  ),
  "990": segments("ST B1 N9 L11 K1 V9 G62"),
};

export function sayUnread(context: SetContext): void {
  const expected = lookup(EXPECTED, context.set.type);
  if (expected === undefined) return;
  for (const [index, { id }] of context.segments.entries()) {
    if (!expected.has(id)) {
      const text = `a ${context.set.type} tells ${id.slice(0, 3)}, which is not read`;
      context.warnOnce("segment_not_read", text, index);
    }
  }
}
