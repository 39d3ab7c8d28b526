/** Who reads a message: its connection's source, or ourselves what became of a paper behind a link. */
import type { Reading } from "../canonical/reading.ts";
import type { Connection } from "../connection.ts";
import {
  PROOF_NOTICE,
  PROOF_NOTICE_MAPPING,
  readProofNotice,
} from "../sources/shared/reading/proof_notice.ts";
import type { StoredMessage } from "../store/inbox.ts";

/** The parts of its reading, and the mapping that reads it. */
export async function readingsOf(
  { source, settings }: Connection,
  { body, contentType, attributes, receivedAt }: StoredMessage,
): Promise<{ mapping: string; readings: Iterable<Reading> }> {
  if (contentType === PROOF_NOTICE) {
    return { mapping: PROOF_NOTICE_MAPPING, readings: [readProofNotice(body)] };
  }
  const raw = { body, contentType, receivedAt: new Date(receivedAt), attributes };
  const readings = source.readParts?.(raw, settings) ?? [await source.read(raw, settings)];
  return { mapping: source.mapping, readings };
}
