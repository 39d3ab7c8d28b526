/** `milepost keys …`: the keys that the store is sealed with. */
import type { Command } from "commander";
import { chmodSync, chownSync, existsSync, renameSync, statSync, writeFileSync } from "node:fs";
import { rotateKeyFile, vaultOf } from "../store/key_file.ts";
import { newKey } from "../store/vault.ts";
import { Secret } from "../config.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { Store } from "../store/store.ts";
import { recordDone } from "./audit.ts";
import { type CommandKit, integer, table, usage } from "./command_kit.ts";

interface ShownKey {
  id: string;
  /** It seals what comes from now on. */
  seals: boolean;
  /** Something in the store may still be sealed with it: it must stay. */
  needed: boolean;
  here: boolean;
}

export function addKeyCommands(program: Command, kit: CommandKit): void {
  const keys = program.command("keys").description("keys of the store");

  keys
    .command("new")
    .description("print a new key for store.keys")
    .action(() => kit.print({ key: newKey() }, ({ key }) => key));

  keys
    .command("list")
    .description("which keys there are, which one seals, which may go")
    .action(() =>
      kit.readStore(async (store) => {
        const { data_dir, store: settings } = kit.config();
        const vault = vaultOf(data_dir, settings.keys, false);
        const inUse = await store.sealedBy();
        const ids = [...new Set([...vault.ids, ...inUse])];
        const shown = ids.map((id): ShownKey => {
          const seals = id === vault.current;
          return { id, seals, needed: seals || inUse.includes(id), here: vault.has(id) };
        });
        kit.print(shown, lines);
      }),
    );

  keys
    .command("rotate")
    .description("a new key: of the store, in force with the next start, or the API key of Odoo")
    .addArgument(program.createArgument("<what>", "what to rotate").choices(["store", "odoo"]))
    .option("--to <file>", "odoo: the credential's file, which gets the new key")
    .option("--days <n>", "odoo: how long the new key is valid", integer, 90)
    .action(async (what: "store" | "odoo", options: OdooKeyOptions) => {
      // The store is opened first: a key that is rotated and then said to be none is rotated twice.
      if (what === "odoo") return kit.withStore((it) => rotateOdooKey(kit, it, options));
      const { data_dir, store } = kit.config();
      if (store.keys.length > 0) {
        throw usage("The configuration names the keys: put a new one first under store.keys");
      }
      await kit.withStore(async (it) => {
        const id = rotateKeyFile(data_dir);
        await recordDone(it, "store key rotated", { key: id });
        kit.print({ key: id }, () => `restart the bridge: from then on key ${id} seals`);
      });
    });
}

interface OdooKeyOptions {
  to?: string;
  days: number;
}

const CALL_MS = 30_000;

/** The new key is tried before it replaces the old one, which ends a day later. */
async function rotateOdooKey(
  kit: CommandKit,
  store: Store,
  { to, days }: OdooKeyOptions,
): Promise<void> {
  if (to === undefined) throw usage("name the credential's file: --to FILE");
  const index = kit.config().odoo.api_key.reveal().slice(0, 8);
  const limit = AbortSignal.timeout(CALL_MS);
  const made = await asked(kit.exchange(), (it) => it.rotateKey(index, days, limit));
  const key = new Secret(made.key);
  await asked(kit.exchange(key), (it) => it.hello(limit));
  replaceFile(to, key.reveal());
  await recordDone(store, "odoo key rotated", { file: to, expires_at: made.key_expires_at });
  kit.print(
    { file: to, expires_at: made.key_expires_at },
    () =>
      `${to} holds the new key, valid until ${made.key_expires_at} UTC; restart the bridge today: the old key ends in 24 hours`,
  );
}

async function asked<T>(api: ExchangeApi, ask: (api: ExchangeApi) => Promise<T>): Promise<T> {
  try {
    return await ask(api);
  } finally {
    await api.close();
  }
}

/** In one step, with the owner and rights of the file before it. */
function replaceFile(file: string, content: string): void {
  const made = `${file}.new`;
  writeFileSync(made, `${content}\n`, { mode: 0o600 });
  if (existsSync(file)) {
    const { uid, gid, mode } = statSync(file);
    chownSync(made, uid, gid);
    chmodSync(made, mode & 0o777);
  }
  renameSync(made, file);
}

function lines(keys: readonly ShownKey[]): string {
  return table(
    ["key", "here", "state"],
    keys.map(({ id, here, seals, needed }) => [
      id,
      here ? "yes" : "NO",
      seals ? "seals" : needed ? "opens what it sealed" : "nothing is sealed with it: it may go",
    ]),
  );
}
