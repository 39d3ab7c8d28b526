/** Which partner a command means: a file, a name in `partners_dir`, or `name@version` of before. */
import { join } from "node:path";
import { loadPartner, type Partner } from "../partners/partner.ts";
import { partnerOf } from "../partners/partner_book.ts";
import type { PartnerUse } from "../store/partner_uses.ts";
import { type CommandKit, notFound } from "./command_kit.ts";

export async function resolvePartner(kit: CommandKit, given: string): Promise<Partner> {
  const [, name, version] = /^([a-z0-9][a-z0-9_-]*)@(\d+)$/.exec(given) ?? [];
  if (name !== undefined) return usedBefore(kit, name, Number(version));
  if (/[/\\]|\.ya?ml$/.test(given)) return loadPartner(given);
  return loadPartner(join(kit.config().partners_dir, `${given}.yaml`));
}

async function usedBefore(kit: CommandKit, name: string, version: number): Promise<Partner> {
  let found: PartnerUse | undefined;
  await kit.withStore(async (store) => {
    found = (await store.partners.history(name)).find((it) => it.version === version);
  });
  if (found === undefined) throw notFound(`Version ${version} of ${name} was never in use`);
  return partnerOf(found);
}
