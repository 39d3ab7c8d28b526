/** `milepost audit list | verify`: who did what to the bridge. */
import type { Command } from "commander";
import { userInfo } from "node:os";
import { MilepostError } from "../errors.ts";
import type { AuditAction, AuditEntry } from "../store/audit.ts";
import type { Store } from "../store/store.ts";
import { type CommandKit, integer, table } from "./command_kit.ts";

export function addAuditCommands(program: Command, kit: CommandKit): void {
  const audit = program.command("audit").description("who did what to the bridge");

  audit
    .command("list")
    .description("entries, newest first")
    .option("--limit <n>", "at most so many", integer, 100)
    .action(({ limit }: { limit: number }) =>
      kit.readStore(async (store) => kit.print(await store.audit.list(limit), lines)),
    );

  audit
    .command("verify")
    .description("that no entry was changed, taken out or cut off")
    .action(() =>
      kit.readStore(async (store) => {
        const check = await store.audit.verify();
        kit.print(check, ({ entries, head }) => `${entries} entries, the last hash is ${head}`);
        if (check.fault === null) return;
        const { seq, what } = check.fault;
        throw new MilepostError(`The audit is broken at entry ${seq}: ${what}`, {
          code: "audit_broken",
          retry: "never",
          hint: "somebody wrote the store's file: compare it with a backup",
        });
      }),
    );
}

/** Who runs this command, as the machine knows them. */
export function operator(): string {
  const { username } = userInfo();
  const before = process.env["SUDO_USER"];
  return before === undefined || before === username ? username : `${before} as ${username}`;
}

/** Says to the audit that who runs this command did it now. */
export function record(store: Store, action: AuditAction, detail: object): Promise<void> {
  return store.audit.record({ at: Date.now(), by: operator(), action, detail: { ...detail } });
}

/**
 * The same of what is done already: that the store cannot take the entry is said and fails nothing, or
 * the operator would do it a second time.
 */
export async function recordDone(store: Store, action: AuditAction, detail: object): Promise<void> {
  try {
    await record(store, action, detail);
  } catch (error) {
    console.error(`“${action}” is done, and not in the audit: ${(error as Error).message}`);
  }
}

function lines(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return "nothing yet";
  return table(
    ["entry", "at", "by", "what"],
    entries.map((it) => [
      String(it.seq),
      new Date(it.at).toISOString(),
      it.by,
      `${it.action} ${JSON.stringify(it.detail)}`,
    ]),
  );
}
