/** `milepost fields`: what a partner sends and nothing reads. */
import type { Command } from "commander";
import { evaluate, loadPartner, mappedSource, type Partner } from "../partners/partner.ts";
import { partnerOf } from "../partners/partner_book.ts";
import {
  type Field,
  FieldTracker,
  trackingReads,
} from "../sources/shared/reading/field_tracking.ts";
import type { AnySource, RawMessage } from "../sources/source.ts";
import { sources } from "../sources/registry.ts";
import { PROOF_NOTICE } from "../sources/shared/reading/proof_notice.ts";
import type { Store } from "../store/store.ts";
import { type CommandKit, notFound, table, integer } from "./command_kit.ts";

interface Report {
  connection: string;
  messages: number;
  /** Messages that could not be read; their fields are not counted as unused. */
  unreadable: number;
  fields: number;
  unread: Field[];
}

export function addFieldsCommand(program: Command, kit: CommandKit): void {
  program
    .command("fields")
    .description("fields that a partner sends and nothing reads, over its latest messages")
    .requiredOption("--connection <code>", "which connection")
    .option("--messages <n>", "so many of the latest messages", integer, 500)
    .action(async ({ connection, messages }: { connection: string; messages: number }) => {
      const configured = kit.config().connections.find((it) => it.code === connection);
      const source = sources.get(configured?.source ?? "");
      if (configured === undefined || source === undefined) {
        throw notFound(`There is no connection ${connection}`);
      }
      await kit.readStore(async (store) => {
        const stored = await store.inbox.latest(connection, messages);
        const partners = stored.filter(({ contentType }) => contentType !== PROOF_NOTICE);
        const raw = partners.map(({ body, contentType, receivedAt, attributes }) => ({
          body,
          contentType,
          receivedAt: new Date(receivedAt),
          attributes,
        }));
        const found =
          source.id === mappedSource.id
            ? await ofPartner(
                await inUse(store, loadPartner(String(configured.settings["partner"]))),
                raw,
              )
            : ofSource(source, source.settings.parse(configured.settings), raw);
        kit.print({ connection, messages: raw.length, ...found }, text);
      });
    });
}

async function inUse(store: Store, file: Partner): Promise<Partner> {
  const use = await store.partners.inUse(file.mapping.mapping.name);
  return use === null ? file : partnerOf(use);
}

type Found = Pick<Report, "unreadable" | "fields" | "unread">;

async function ofPartner(partner: Partner, messages: readonly RawMessage[]): Promise<Found> {
  let found: Found = { unreadable: 0, fields: 0, unread: [] };
  for (const message of messages) {
    try {
      const { fields } = await evaluate(message, partner, true);
      if (fields !== undefined) found = { ...found, fields: fields.seen, unread: fields.unread };
    } catch {
      found = { ...found, unreadable: found.unreadable + 1 };
    }
  }
  return found;
}

function ofSource(source: AnySource, settings: unknown, messages: readonly RawMessage[]): Found {
  const tracker = new FieldTracker();
  let unreadable = 0;
  for (const message of messages) {
    try {
      trackingReads(tracker, () => void source.read(message, settings));
    } catch {
      unreadable += 1;
    }
  }
  return { unreadable, fields: tracker.size, unread: tracker.unread() };
}

function text({ connection, messages, unreadable, fields, unread }: Report): string {
  const head =
    `${connection}: ${messages} messages (${unreadable} unreadable), ${fields} different fields, ` +
    `${unread.length} of them unread`;
  if (unread.length === 0) return head;
  const rows = unread.map(({ path, count, sample }) => [path, String(count), sample]);
  return `${head}\n${table(["field", "count", "sample"], rows)}`;
}
