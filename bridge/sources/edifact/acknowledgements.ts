/**
 * CONTRL, what became of an interchange's syntax, and APERAK, what of a message could not be used.
 * Both follow from the interchange alone, so that reading it again gives the same file.
 */
import { createHash } from "node:crypto";
import type { Finding, Reply } from "../../canonical/reading.ts";
import type { Fault, Interchange } from "./envelope.ts";
import type { MessageContext } from "./message_context.ts";
import { chunks, interchange, segment } from "./writer.ts";

const CONTENT_TYPE = "application/edifact";
/** UCI, UCM 0083. */
const ACKNOWLEDGED = "7";
const REJECTED = "4";
/** A partner learns nothing more from the thousandth error. */
const MAX_ERRORS = 99;

export interface Judged {
  reference: string;
  type: string;
  release: string;
  faults: readonly Fault[];
}

/** A CONTRL for the interchange; a message with a fault that stopped its reading is rejected. */
export function contrl(
  received: Interchange,
  messages: readonly Judged[],
  faults: readonly Fault[],
  receivedAt: Date,
): Reply {
  const broken = (list: readonly Fault[]) => list.some((it) => it.severity === "error");
  const [action, error] = broken(faults) ? [REJECTED, faults[0]?.syntaxError] : [ACKNOWLEDGED];
  const body = [
    segment("UCI", received.reference, received.sender, received.receiver, action, error),
    ...messages.flatMap((it) => {
      const bad = broken(it.faults);
      const kind = [it.type, ...it.release.split(":")];
      return [
        segment("UCM", it.reference, kind, bad ? REJECTED : ACKNOWLEDGED),
        ...it.faults
          .slice(0, MAX_ERRORS)
          .map(({ path, syntaxError }) => segment("UCS", path.replace(/\D/g, ""), syntaxError)),
      ];
    }),
  ];
  const seed = ["contrl", ...received.sender, received.reference, ...body];
  return reply("contrl", received, seed, "CONTRL", "D:3:UN", body, receivedAt);
}

/** An APERAK for the message, naming what of it could not be used; nothing when all could. */
export function aperak(context: MessageContext, receivedAt: Date): Reply | undefined {
  const { message, errors, document } = context;
  if (errors.length === 0) return undefined;
  const body = [
    segment(
      "BGM",
      "313",
      `${message.interchange.reference}-${message.reference}`.slice(0, 35),
      "27",
    ),
    segment("DTM", ["137", receivedAt.toISOString().replace(/\D/g, "").slice(0, 12), "203"]),
    segment("RFF", ["ACW", document || message.reference]),
    ...errors.slice(0, MAX_ERRORS).flatMap(errorSegments),
  ];
  const seed = ["aperak", ...message.interchange.sender, message.interchange.reference, ...body];
  return reply("aperak", message.interchange, seed, "APERAK", "D:96A:UN", body, receivedAt);
}

/** 9321, of our own making, as the standard has it; docs/sources/edifact.md explains them. */
const ERRORS: Readonly<Record<string, string>> = {
  unreadable_time: "DATE",
  no_time: "DATE",
  no_bill_date: "DATE",
  bad_number: "NUMBER",
  money_mismatch: "TOTAL",
  no_total: "TOTAL",
  no_reference: "REFERENC",
  no_number: "REFERENC",
  no_status: "STATUS",
  no_events: "STATUS",
  unsupported_message: "TYPE",
};

function errorSegments({ code, path, text }: Finding): string[] {
  return [
    segment("ERC", [ERRORS[code] ?? "OTHER"]),
    segment("FTX", "AAO", undefined, undefined, chunks(`${path}: ${text}`, 70, 5)),
  ];
}

function reply(
  kind: string,
  received: Interchange,
  seed: readonly string[],
  type: string,
  release: string,
  body: readonly string[],
  receivedAt: Date,
): Reply {
  const hash = createHash("sha256").update(seed.join("\0")).digest();
  const reference = String(hash.readUIntBE(0, 6)).padStart(14, "0").slice(-14);
  const head = {
    sender: received.receiver,
    receiver: received.sender,
    reference,
    prepared: receivedAt,
    test: received.test,
  };
  return {
    name: `${kind}-${reference}.edi`,
    contentType: CONTENT_TYPE,
    body: interchange(head, type, release, body),
  };
}
