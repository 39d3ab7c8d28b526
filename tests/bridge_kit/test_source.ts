/** The smallest source there is: a language of its own, for tests of everything around sources. */
import { z } from "zod";
import { MilepostError } from "../../bridge/errors.ts";
import { ReadingBuilder } from "../../bridge/sources/shared/reading/reading.ts";
import type { Page, Source } from "../../bridge/sources/source.ts";

const message = z.strictObject({
  trip: z.string(),
  events: z.array(
    z.strictObject({
      code: z.string(),
      at: z.string(),
      priority: z.enum(["billing", "exception", "eta", "position"]).default("eta"),
    }),
  ),
  filler: z.unknown().optional(),
});

export const settingsType = z.strictObject({ zone: z.string().default("Europe/Amsterdam") });
export type Settings = z.infer<typeof settingsType>;

function parse(body: Buffer): z.infer<typeof message> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new MilepostError("The body is not JSON", { code: "tiny_syntax", retry: "never" });
  }
  const result = message.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new MilepostError(`Not as the schema says: ${issue?.message ?? ""}`, {
    code: "tiny_schema",
    retry: "never",
    path: `/${issue?.path.map(String).join("/") ?? ""}`,
  });
}

export const tiny: Source<Settings> = {
  id: "tiny",
  mapping: "tiny@1",
  settings: settingsType,
  contentTypes: ["application/json"],
  check: ({ body }) => void parse(body),
  read: ({ body }) => {
    const { trip, events } = parse(body);
    if (trip === "crash") throw new TypeError("the source has a fault");
    const builder = new ReadingBuilder();
    for (const [index, { code, at, priority }] of events.entries()) {
      const fact = {
        kind: "milestone" as const,
        message_path: `/events/${index}`,
        identifiers: [{ type: "entity" as const, value: trip }],
        applies_to: "one" as const,
        recorded_at: at,
        classifier: "actual" as const,
        occurred: { at, precision: "second" as const },
        raw_code: code,
      };
      builder.add(fact, priority, trip);
    }
    return builder.done();
  },
  fetchPage: async (peer, cursor, _settings, signal): Promise<Page> => {
    const query = { after: cursor ?? "0" };
    const answer = await peer.request({ method: "GET", path: "/messages", query }, signal);
    const page = JSON.parse(answer.body.toString("utf8")) as {
      messages: unknown[];
      cursor: string;
      more: boolean;
    };
    const messages = page.messages.map((it) => ({
      body: Buffer.from(JSON.stringify(it)),
      contentType: "application/json",
      attributes: {},
    }));
    return { messages, cursor: page.cursor, more: page.more };
  },
  sendOrder: async (peer, { order, key, purpose }, _settings, signal) => {
    const body = JSON.stringify(order);
    const headers = { "content-type": "application/json" };
    const query = purpose === "original" ? {} : { purpose };
    const answer = await peer.request(
      { method: "PUT", path: `/orders/${key}`, query, headers, body, expect: [422] },
      signal,
    );
    if (answer.status === 422) return { result: "rejected", reason: "no truck" };
    const { number } = JSON.parse(answer.body.toString("utf8")) as { number: string };
    return { result: "accepted", externalNumber: number, identifiers: [] };
  },

  sendOutcome: async (peer, outcome, key, _settings, signal) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(outcome);
    await peer.request({ method: "PUT", path: `/outcomes/${key}`, headers, body }, signal);
    return { result: "accepted", identifiers: [] };
  },
};

export const testSources = new Map<string, Source>([[tiny.id, tiny]]);

let counter = 0;

/** A message with as many events as asked; each call gives other facts. */
export function tinyMessage(
  events = 1,
  more: { trip?: string; priority?: string; filler?: unknown } = {},
): { trip: string; events: unknown[]; filler?: unknown } {
  const { trip = `trip-${++counter}`, priority = "eta", filler } = more;
  const at = "2026-11-23T08:00:00Z";
  const list = Array.from({ length: events }, () => ({ code: `C${++counter}`, at, priority }));
  return { trip, events: list, ...(filler === undefined ? {} : { filler }) };
}
