/** `milepost keys …`: the keys that the store is sealed with. */
import type { Command } from "commander";
import { rotateKeyFile, vaultOf } from "../store/key_file.ts";
import { newKey } from "../store/vault.ts";
import { type CommandKit, table, usage } from "./command_kit.ts";

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
    .description("a new key in data_dir, in force with the bridge's next start")
    .addArgument(program.createArgument("<what>", "what to rotate").choices(["store"]))
    .action(() => {
      const { data_dir, store } = kit.config();
      if (store.keys.length > 0) {
        throw usage("The configuration names the keys: put a new one first under store.keys");
      }
      const id = rotateKeyFile(data_dir);
      kit.print({ key: id }, () => `restart the bridge: from then on key ${id} seals`);
    });
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
