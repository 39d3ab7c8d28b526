/**
 * The file of a backup: a line of JSON that says what it is, then what it holds, compressed and
 * sealed in chunks with AES-256-GCM. The line is authenticated with each chunk; a chunk that is
 * missing, moved or the last one of another file does not open (a STREAM construction: nonce =
 * prefix, number of the chunk, 1 for the last).
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { MilepostError } from "../errors.ts";

const FORMAT = "milepost-backup";
const CHUNK_BYTES = 1_048_576;
const TAG_BYTES = 16;
const PREFIX_BYTES = 7;
const MAX_HEADER_BYTES = 65_536;
/** Compressing quickly: sealed payloads do not shrink anyway. */
const LEVEL = 1;

export interface Header {
  format: typeof FORMAT;
  version: 1;
  salt: string;
  prefix: string;
  /** SHA-256 of what is inside. */
  sha256: string;
  [more: string]: unknown;
}

/** Seals a file into another; `more` is readable without the key. */
export async function sealFile(
  source: string,
  target: string,
  secret: string,
  more: Record<string, unknown>,
): Promise<Header> {
  const salt = randomBytes(16);
  const prefix = randomBytes(PREFIX_BYTES);
  const header: Header = {
    ...more,
    format: FORMAT,
    version: 1,
    salt: salt.toString("base64"),
    prefix: prefix.toString("base64"),
    sha256: await sha256Of(source),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const key = keyOf(secret, salt);
  const file = createWriteStream(target, { mode: 0o600, flush: true });
  await pipeline(
    createReadStream(source),
    createGzip({ level: LEVEL }),
    async function* (parts: AsyncIterable<Buffer>) {
      yield line;
      let number = 0;
      for await (const { chunk, isLast } of chunksOf(parts)) {
        const cipher = createCipheriv("aes-256-gcm", key, nonce(prefix, number++, isLast));
        cipher.setAAD(line);
        const sealed = Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
        const size = Buffer.alloc(4);
        size.writeUInt32BE(sealed.length);
        yield size;
        yield sealed;
      }
    },
    file,
  );
  return header;
}

/** Opens a sealed file into another. Throws `backup_key` when the key is another or bytes changed. */
export async function openFile(source: string, target: string, secret: string): Promise<Header> {
  const { header, line } = await readHeader(source);
  const key = keyOf(secret, Buffer.from(header.salt, "base64"));
  const prefix = Buffer.from(header.prefix, "base64");
  await pipeline(
    createReadStream(source, { start: line.length }),
    async function* (parts: AsyncIterable<Buffer>) {
      let number = 0;
      for await (const { sealed, isLast } of sealedOf(parts, source)) {
        const decipher = createDecipheriv("aes-256-gcm", key, nonce(prefix, number++, isLast));
        decipher.setAAD(line);
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
        try {
          decipher.final();
        } catch {
          throw unreadable(source, number);
        }
        yield plain;
      }
    },
    createGunzip(),
    createWriteStream(target, { mode: 0o600, flush: true }),
  );
  if ((await sha256Of(target)) !== header.sha256) throw unreadable(source, 0);
  return header;
}

/** What a backup says about itself, without its key. */
export async function readHeader(file: string): Promise<{ header: Header; line: Buffer }> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0);
    const end = buffer.subarray(0, bytesRead).indexOf("\n");
    const line = buffer.subarray(0, end + 1);
    const header = JSON.parse(line.toString("utf8")) as Header;
    if (header.format !== FORMAT) throw new SyntaxError("another format");
    return { header, line };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MilepostError(`${file} is no backup of Milepost`, {
      code: "backup_unreadable",
      retry: "never",
      culprit: file,
    });
  } finally {
    await handle.close();
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function keyOf(secret: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, FORMAT, 32));
}

function nonce(prefix: Buffer, number: number, isLast: boolean): Buffer {
  const counter = Buffer.alloc(5);
  counter.writeUInt32BE(number);
  counter[4] = isLast ? 1 : 0;
  return Buffer.concat([prefix, counter]);
}

/** Cuts into chunks, and knows which one is the last. */
async function* chunksOf(parts: AsyncIterable<Buffer>) {
  let rest = Buffer.alloc(0);
  for await (const part of parts) {
    rest = Buffer.concat([rest, part]);
    while (rest.length > CHUNK_BYTES) {
      yield { chunk: rest.subarray(0, CHUNK_BYTES), isLast: false };
      rest = rest.subarray(CHUNK_BYTES);
    }
  }
  yield { chunk: rest, isLast: true };
}

async function* sealedOf(parts: AsyncIterable<Buffer>, source: string) {
  let rest = Buffer.alloc(0);
  let held: Buffer | undefined;
  for await (const part of parts) {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      if (held !== undefined) yield { sealed: held, isLast: false };
      const size = rest.readUInt32BE();
      if (size < TAG_BYTES || size > CHUNK_BYTES + TAG_BYTES) throw unreadable(source, 0);
      held = rest.subarray(4, 4 + size);
      rest = rest.subarray(4 + size);
    }
  }
  if (held === undefined || rest.length > 0) throw unreadable(source, 0);
  yield { sealed: held, isLast: true };
}

function unreadable(file: string, chunk: number): MilepostError {
  const where = chunk === 0 ? "" : ` at part ${chunk}`;
  return new MilepostError(`The backup ${file} does not open${where}`, {
    code: "backup_key",
    retry: "never",
    culprit: file,
    hint: "is backup.key the one that it was made with? Else the file was cut or changed: take another",
  });
}
