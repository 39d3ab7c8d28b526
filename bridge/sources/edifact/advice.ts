/** What a despatch and a receiving advice have in common: one document about named goods, replaced and withdrawn. */
import type { Identifier } from "../../canonical/identifiers.ts";
import { identifiers } from "../shared/reading/reading.ts";
import type { MessageContext } from "./message_context.ts";
import { namesIn, sayUnreadNames } from "./references.ts";
import type { Segment } from "./segments.ts";
import { sayUnread } from "./unread.ts";

export interface Advice {
  bgm: Segment;
  /** All that is named, of which at least one is. */
  names: Identifier[];
  /** The same for all versions of the document. */
  event: string;
}

/** Nothing when it is cut off or names nothing, which it says then. */
export function openAdvice(context: MessageContext, kind: string): Advice | undefined {
  const { segments, interchange } = context.message;
  const bgm = segments.find((it) => it.tag === "BGM") ?? segments[0];
  if (bgm === undefined) return undefined;
  if (context.isCut) {
    context.finding("error", "cut_advice", "the file ends inside it", bgm);
    return undefined;
  }
  sayUnread(context);
  sayUnreadNames(context);
  const names = identifiers(...namesIn(segments));
  if (names.length === 0) {
    context.finding("error", "no_reference", "nothing names the shipment", bgm);
    return undefined;
  }
  const sender = interchange.sender[0] ?? "";
  return { bgm, names, event: `${kind}|${sender}|${context.document}`.slice(0, 128) };
}
