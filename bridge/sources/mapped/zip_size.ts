/** How large a ZIP would be unpacked, by its directory (APPNOTE 6.3.10, 4.3.12 and 4.3.16). */

const DIRECTORY_END = 0x06054b50;
const DIRECTORY_LOCATOR = 0x07064b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const ENTRY_BYTES = 46;
/** A comment of 65,535 bytes may stand behind the end of the directory. */
const LONGEST_COMMENT = 0xffff;

/**
 * The bytes of all entries together; what unpacks them takes no more than the directory says of each.
 *
 * It is counted by the fields that fflate, which unpacks it, goes by: as many entries as "on this disk".
 * With a ZIP64 locator it would go by another directory; no sheet that is read needs one. Entries of
 * 4 GB and more count as 4 GB. Undefined when the directory cannot be read.
 */
export function unpackedBytes(zip: Buffer): number | "zip64" | undefined {
  const end = directoryEnd(zip);
  if (end === undefined) return undefined;
  if (isZip64(zip, end)) return "zip64";
  let total = 0;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 8); left > 0; left--) {
    if (at + ENTRY_BYTES > zip.length || zip.readUInt32LE(at) !== ENTRY) return undefined;
    total += zip.readUInt32LE(at + 24);
    const further = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    at += ENTRY_BYTES + further.reduce((sum, length) => sum + length, 0);
  }
  return total;
}

function isZip64(zip: Buffer, end: number): boolean {
  const at = end - LOCATOR_BYTES;
  return at >= 0 && zip.readUInt32LE(at) === DIRECTORY_LOCATOR;
}

function directoryEnd(zip: Buffer): number | undefined {
  const last = zip.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (zip.readUInt32LE(at) === DIRECTORY_END) return at;
  }
  return undefined;
}
