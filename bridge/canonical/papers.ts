/** Papers that are taken as evidence, known by their first bytes whatever is said of them. */
import type { ProofOfDelivery } from "./fact.ts";

export type PaperType = NonNullable<ProofOfDelivery["documents"]>[number]["media_type"];

/** A proof's paper has at most these bytes; see `podDocument`. */
export const MAX_PAPER_BYTES = 20_000_000;

const SIGNATURES: ReadonlyArray<readonly [PaperType, Buffer]> = [
  ["application/pdf", Buffer.from("%PDF-")],
  ["image/png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["image/jpeg", Buffer.from([0xff, 0xd8, 0xff])],
  ["image/gif", Buffer.from("GIF8")],
  ["image/tiff", Buffer.from([0x49, 0x49, 0x2a, 0x00])],
  ["image/tiff", Buffer.from([0x4d, 0x4d, 0x00, 0x2a])],
];

/** What the bytes are; nothing when they are no paper. */
export function paperTypeOf(bytes: Buffer): PaperType | undefined {
  return SIGNATURES.find(([, start]) => bytes.subarray(0, start.length).equals(start))?.[0];
}
