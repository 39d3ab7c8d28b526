import { LIMITS } from "../../../bridge/sources/x12/tokenizer/limits.ts";
import type { Segment, TokenTrouble } from "../../../bridge/sources/x12/tokenizer/segment.ts";
import { Tokenizer } from "../../../bridge/sources/x12/tokenizer/tokenizer.ts";

export interface Tokens {
  segments: Segment[];
  troubles: TokenTrouble[];
}

/** What the tokenizer makes of a text, given whole or in chunks. */
export function tokens(body: string | Buffer, chunkBytes = Infinity, limits = LIMITS): Tokens {
  const read: Tokens = { segments: [], troubles: [] };
  const tokenizer = new Tokenizer(
    {
      segment: (segment) => void read.segments.push(segment),
      trouble: (trouble) => void read.troubles.push(trouble),
    },
    limits,
  );
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  if (chunkBytes === Infinity) tokenizer.push(bytes);
  else {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      tokenizer.push(bytes.subarray(at, at + chunkBytes));
    }
  }
  tokenizer.end();
  return read;
}
