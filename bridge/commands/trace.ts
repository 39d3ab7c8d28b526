/** `milepost trace <id>`: from a message to the records in Odoo, and back. */
import type { Command } from "commander";
import { speaks, type Trace } from "../canonical/exchange.ts";
import { errorText } from "../errors.ts";
import type { FactSummary } from "../store/facts.ts";
import type { MessageFilter, MessageSummary } from "../store/inbox.ts";
import type { Store } from "../store/store.ts";
import { type CommandKit, notFound } from "./command_kit.ts";

interface Traced {
  messages: Array<MessageSummary & { said: FactSummary[] }>;
  odoo: Trace | null;
  /** Why Odoo could not be asked. */
  odoo_fault?: string;
}

const MAX_MESSAGES = 50;
const ASK_MS = 20_000;
const TRACE_ID = /^[0-9a-f]{32}$/;

export function addTraceCommand(program: Command, kit: CommandKit): void {
  program
    .command("trace")
    .description(
      "what became of a message in Odoo, and which messages a shipment or a fact is from",
    )
    .argument(
      "<id>",
      "id of a message, number of a shipment, key of a fact (12 digits do), or a W3C trace id",
    )
    .action((id: string) =>
      kit.readStore(async (store) => {
        const messages = await messagesOf(store, id);
        const keys = messages.flatMap((it) => it.said.map(({ key }) => key));
        // Odoo keeps what a message became longer than the store keeps the message.
        const isForgotten = messages.length === 0 && TRACE_ID.test(id);
        const found = await inOdoo(kit, isForgotten ? { trace_id: id } : { keys });
        if (messages.length === 0 && !found.odoo?.records.length) {
          throw notFound(`Nothing in the store is named ${id}`);
        }
        kit.print({ messages, ...found }, text);
      }),
    );
}

/** What an id may be; the first meaning that finds something counts. */
async function messagesOf(store: Store, id: string): Promise<Traced["messages"]> {
  const meanings: MessageFilter[] = [
    { ids: [id] },
    { shipment: id },
    ...(/^[0-9a-f]{12,64}$/.test(id) ? [{ trace: id }, { fact: id }] : []),
  ];
  for (const filter of meanings) {
    const found = await store.inbox.find(filter, MAX_MESSAGES);
    if (found.length === 0) continue;
    const withFacts = found.map(async (it) => ({
      ...it,
      said: await store.facts.ofMessage(it.id),
    }));
    return Promise.all(withFacts);
  }
  return [];
}

/** Asks Odoo; without it the store's own part is shown all the same. */
async function inOdoo(
  kit: CommandKit,
  of: { keys: readonly string[] } | { trace_id: string },
): Promise<Pick<Traced, "odoo" | "odoo_fault">> {
  let api: ReturnType<CommandKit["exchange"]> | undefined;
  try {
    api = kit.exchange();
    const signal = AbortSignal.timeout(ASK_MS);
    const { contract } = await api.hello(signal);
    if (!speaks(contract, "trace_id" in of ? "1.2" : "1.1")) {
      return { odoo: null, odoo_fault: "the addon is older than this command: upgrade it" };
    }
    return { odoo: await api.trace(of, signal) };
  } catch (error) {
    return { odoo: null, odoo_fault: errorText(error) };
  } finally {
    await api?.close();
  }
}

function text({ messages, odoo, odoo_fault }: Traced): string {
  const said = (it: Trace["records"][number]) =>
    `Odoo: ${it.model} ${it.id} (${it.standing}) of ${it.shipment || "no shipment"}`;
  const all = odoo?.records ?? [];
  const records = (key: string) =>
    all.filter((it) => it.key === key).map((it) => `      ${said(it)}`);
  const forgotten = messages.length > 0 ? [] : all;
  const lines = messages.flatMap((it) => [
    `message ${it.id}  ${it.connection} by ${it.channel}  ${new Date(it.receivedAt).toISOString()}  ${it.state}, read by ${it.mapping ?? "nothing yet"}`,
    ...(it.traceparent === null ? [] : [`  trace ${it.traceparent}`]),
    ...it.said.flatMap(({ key, kind, state, shipments, reason }) => [
      `    fact ${key.slice(0, 12)}  ${kind}  ${state}  ${shipments.join(", ")}${reason === null ? "" : `  ${reason}`}`,
      ...records(key),
    ]),
  ]);
  const shipments = (odoo?.shipments ?? []).flatMap(({ name, id, state, documents }) => [
    `shipment ${name} (milepost.shipment ${id}): ${state}`,
    ...documents.map((it) => `    ${it.name} (${it.model} ${it.id}): ${it.state}`),
  ]);
  const fault = odoo_fault === undefined ? [] : [`Odoo was not asked: ${odoo_fault}`];
  const alone = forgotten.map(
    (it) => `message ${it.message ?? "?"}, not in the store\n  ${said(it)}`,
  );
  return [...lines, ...alone, ...shipments, ...fault].join("\n");
}
