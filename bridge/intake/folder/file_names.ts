/** Names in a shared folder: what is a message, what is ours, what is not to be touched. */
import { TEMPORARY } from "../../peer/files.ts";

/** A file that we took keeps its place and gets this name: `.milepost-<owner>-<time>-<name>`. */
const CLAIM = /^\.milepost-([0-9a-f]{8})-([0-9a-z]{8,10})-(.+)$/s;

/** Endings under which programs write before they rename. */
const UNFINISHED = [TEMPORARY, ".part", ".partial", ".filepart", ".crdownload", ".swp", "~"];

/** Leaves room for a claim's or an archive's prefix below the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;

export interface Claim {
  owner: string;
  /** Epoch milliseconds, by the clock of the one who claimed. */
  at: number;
  /** The file's name before. */
  name: string;
}

/** The claim that a name is, or nothing. */
export function parseClaim(name: string): Claim | undefined {
  const [, owner, at, before] = CLAIM.exec(name) ?? [];
  if (owner === undefined || at === undefined || before === undefined) return undefined;
  return { owner, at: Number.parseInt(at, 36), name: before };
}

export function claimName({ owner, at, name }: Claim): string {
  return `.milepost-${owner}-${at.toString(36)}-${name}`;
}

/** Hidden files and those that are still being written are left alone. */
export function isUnfinished(name: string): boolean {
  const lower = name.toLowerCase();
  return name.startsWith(".") || UNFINISHED.some((ending) => lower.endsWith(ending));
}

/** What is wrong with a name; undefined when nothing. A listing may say anything, paths included. */
export function nameFault(name: string): string | undefined {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `longer than ${MAX_NAME_BYTES} bytes`;
  if (/[/\\]/.test(name) || name === "." || name === "..") return "a path";
  // eslint-disable-next-line no-control-regex -- refusing them is the point
  if (/[\u0000-\u001f\u007f]/.test(name)) return "with control characters";
  return name.includes("\ufffd") ? "not in UTF-8" : undefined;
}

/** Can its directory entry be addressed at all? */
export function isAddressable(name: string): boolean {
  return !/[/\0\ufffd]/.test(name) && name !== "." && name !== "..";
}

/** Whether the name fits a pattern of `*` (any characters) and `?` (one), whatever its case. */
export function fitsPattern(name: string, pattern: string): boolean {
  // Greedy with one point to return to: linear for any pattern.
  const [text, glob] = [name.toLowerCase(), pattern.toLowerCase()];
  let [at, in_glob, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (glob[in_glob] === "*") {
      star = in_glob++;
      resume = at;
    } else if (in_glob < glob.length && (glob[in_glob] === "?" || glob[in_glob] === text[at])) {
      in_glob++;
      at++;
    } else if (star !== -1) {
      in_glob = star + 1;
      at = ++resume;
    } else return false;
  }
  while (glob[in_glob] === "*") in_glob++;
  return in_glob === glob.length;
}

/** `20261123T080000Z-1a2b3c4d-<name>`: kept files neither replace each other nor lose their names. */
export function keptName(name: string, at: Date, sha256: string): string {
  const stamp = `${at.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  // eslint-disable-next-line no-control-regex -- what a shell or a log would stumble over
  const safe = cut(name.replace(/[/\\\u0000-\u001f\u007f]/g, "_"), MAX_NAME_BYTES);
  return `${stamp}-${sha256.slice(0, 8)}-${safe}`;
}

/** A kept name for places that take less: time, hash and the ending. */
export function shortName(kept: string): string {
  const [, head = kept, ending = ""] =
    /^(\d{8}T\d{6}Z-[0-9a-f]{8})-.*?(\.[A-Za-z0-9]{1,8})?$/s.exec(kept) ?? [];
  return `${head}${ending}`;
}

/** The beginning of a text in so many bytes; file systems count those, whatever the script. */
function cut(text: string, bytes: number): string {
  const cutText = Buffer.from(text).subarray(0, bytes).toString("utf8");
  return text.startsWith(cutText) ? cutText : cutText.replace(/\ufffd+$/, "");
}
