/** What the tokenizer takes at most, so that no message can exhaust time or memory. */
export interface Limits {
  /** Bytes of one segment; real ones stay below 2 kB. */
  segmentBytes: number;
  /** Elements of one segment; the standard's longest have about 30. */
  elements: number;
  /** Segments of one transaction set, which is held in memory as a whole. */
  setSegments: number;
  /** Repetitions of one segment (LX, L1, AT7, …) within a transaction set. */
  loops: number;
  /** Text before the first ISA (mail headers, job control) before the file is given up. */
  leadingBytes: number;
}

export const LIMITS: Limits = {
  segmentBytes: 65_536,
  elements: 200,
  setSegments: 200_000,
  loops: 50_000,
  leadingBytes: 65_536,
};
