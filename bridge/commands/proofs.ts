/** `milepost proofs list | fetch`: papers behind links that are not here. */
import type { Command } from "commander";
import type { ProofLinkRow } from "../store/proof_links.ts";
import { operator } from "./audit.ts";
import { type CommandKit, notFound, table } from "./command_kit.ts";

export function addProofCommands(program: Command, kit: CommandKit): void {
  const proofs = program.command("proofs").description("proofs behind a link that are not fetched");

  proofs
    .command("list")
    .description("those of a connection, or of all, and why")
    .argument("[connection]", "code of the connection")
    .action((connection?: string) =>
      kit.readStore(async (store) => {
        kit.print((await store.proofLinks.open(connection)).map(shown), lines);
      }),
    );

  proofs
    .command("fetch")
    .description("try again at once: those named, or all that were given up")
    .argument("[id...]", "from `milepost proofs list`")
    .action((ids: string[]) =>
      kit.withStore(async (store) => {
        const open = await store.proofLinks.open();
        const meant = open.filter(({ id, state }) =>
          ids.length === 0 ? state === "refused" : isNamed(id, ids),
        );
        const missing = ids.find((it) => !open.some(({ id }) => isNamed(id, [it])));
        if (missing !== undefined) throw notFound(`There is no proof ${missing} to be fetched`);
        const count = await store.proofLinks.again(meant.map(({ id }) => id));
        const detail = { count, ids };
        await store.audit.record({
          at: Date.now(),
          by: operator(),
          action: "proofs fetched again",
          detail,
        });
        kit.print({ again: count }, () => `${count} proofs are tried again within seconds`);
      }),
    );
}

function isNamed(id: string, names: readonly string[]): boolean {
  return names.some((name) => name.length >= 4 && id.startsWith(name));
}

/** Without the link, which may let in whoever reads it; its host says whose it is. */
function shown({
  id,
  connection,
  messageId,
  link,
  state,
  attempts,
  code,
  createdAt,
}: ProofLinkRow) {
  const host = URL.canParse(link.url) ? new URL(link.url).host : "";
  const since = new Date(createdAt).toISOString();
  return {
    id,
    connection,
    message: messageId,
    name: link.name ?? "",
    host,
    state,
    attempts,
    code,
    since,
  };
}

function lines(rows: ReadonlyArray<ReturnType<typeof shown>>): string {
  if (rows.length === 0) return "every proof that partners link to is here";
  return table(
    ["id", "connection", "since", "state", "tries", "why", "message", "from"],
    rows.map(({ id, connection, since, state, attempts, code, message, host, name }) => [
      id.slice(0, 12), connection, since, state, String(attempts), code ?? "", message, `${host} ${name}`.trim(),
    ]),
  ); // prettier-ignore
}
