/** X12: 214, 210, 204, 990, 997, 999, 315, 861, 944 and 945, as files or over HTTP. */
import { unreadable } from "../shared/reading/unreadable.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Trouble } from "./envelope.ts";
import { readFile, readWhole } from "./reader.ts";
import { sendOrder } from "./send_order.ts";
import { settings as settingsType, type X12Settings } from "./settings.ts";
import { walkBytes } from "./stream.ts";

const ID = "x12";

export const x12Source: Source<X12Settings> = {
  id: ID,
  mapping: `${ID}@7`,
  settings: settingsType,
  contentTypes: [
    "application/edi-x12",
    "application/x12",
    "text/plain",
    "application/octet-stream",
  ],
  check,
  read: (message, settings) => {
    check(message);
    return readWhole(message, settings);
  },
  readParts: (message, settings) => {
    check(message);
    return readFile(message, settings);
  },
  sendOrder,
  // 997 within a day is what trading partner agreements ask for; tenders are answered in hours.
  answerHours: { receipt: 24, answer: 24, status: 24 },
};

/**
 * Refuses what holds no interchange (`not_x12`) or no message (`no_transaction_set`); everything
 * else is read as far as it goes, with findings.
 */
function check({ body }: RawMessage): void {
  const troubles: Trouble[] = [];
  let messages = 0;
  const walker = walkBytes(body, {
    set: () => void (messages += 1),
    groupEnd: () => {},
    interchangeAck: () => void (messages += 1),
    trouble: (trouble) => void troubles.push(trouble),
  });
  if (walker.interchanges === 0) throw unreadable(ID, "not_x12", "", "there is no readable ISA");
  if (messages > 0) return;
  const path = troubles.find(({ code }) => code === "no_transaction_set")?.path ?? "ISA1";
  throw unreadable(ID, "no_transaction_set", path, "there is no transaction set in it");
}
