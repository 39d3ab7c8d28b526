/** Ids of the events that we send: the same for every try, so that a repeated event is known. */
import { createHash } from "node:crypto";

/** A UUID that follows from the text (version 8: the maker's own way of making it). */
export function eventId(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
