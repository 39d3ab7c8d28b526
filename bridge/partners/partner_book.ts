/**
 * Which version of each partner's mapping reads now.
 *
 * The file is what people edit, the store says what is in use: `milepost partner enable` writes
 * there, and a running bridge goes over to it within a second, between two messages.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { mappingLabel } from "../sources/mapped/mapping.ts";
import { parsePartner, type Partner } from "../sources/mapped/partner_file.ts";
import type { PartnerUse, PartnerUses } from "../store/partner_uses.ts";

const LOOK_MS = 1000;

export interface PartnerBookParts {
  partners: PartnerUses;
  clock: Clock;
  log: Logger;
}

interface Entry {
  partner: Partner;
  use: number;
}

export class PartnerBook {
  readonly #parts: PartnerBookParts;
  readonly #entries = new Map<string, Entry>();

  constructor(parts: PartnerBookParts) {
    this.#parts = parts;
  }

  /** Takes a partner in; the first time ever its file is put into use as it is. */
  async add(file: Partner): Promise<void> {
    const { partners, clock } = this.#parts;
    const { name } = file.mapping.mapping;
    if ((await partners.inUse(name)) === null) {
      await enablePartner(partners, file, "first start", clock.now().getTime());
    }
    this.#entries.set(name, { partner: file, use: 0 });
    await this.#look(name);
  }

  /** The mapping that is in use. */
  current(name: string): Partner {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`partner ${name} was not taken in`);
    return entry.partner;
  }

  /** Goes over to what was put into use, until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      for (const name of this.#entries.keys()) {
        try {
          if (!signal.aborted) await this.#look(name);
        } catch (error) {
          log.error(`partner ${name} not changed`, { reason: errorText(error) });
        }
      }
    }
  }

  async #look(name: string): Promise<void> {
    const { partners, log } = this.#parts;
    const [use, entry] = [await partners.inUse(name), this.#entries.get(name)];
    if (use === null || entry === undefined || use.id === entry.use) return;
    // An entry that cannot be read is said once, and what reads now goes on.
    this.#entries.set(name, { ...entry, use: use.id });
    const partner = partnerOf(use);
    this.#entries.set(name, { partner, use: use.id });
    log.info(`partner in use: ${mappingLabel(partner.mapping)}`);
  }
}

/** The mapping as it was put into use. */
export function partnerOf({ text, name, version }: PartnerUse): Partner {
  return parsePartner(text, `${name}@${version}`);
}

/**
 * Puts a version into use, for all messages from now on. Throws `partner_version_reused` when the
 * number was used for another text: facts remember the number, so it must mean one thing.
 */
export async function enablePartner(
  partners: PartnerUses,
  { text, mapping }: Partner,
  by: string,
  at: number,
): Promise<PartnerUse> {
  const { name, version } = mapping.mapping;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const other = (await partners.history(name)).find(
    (it) => it.version === version && it.sha256 !== sha256,
  );
  if (other !== undefined) {
    throw new MilepostError(`Version ${version} of ${name} was in use with another text`, {
      code: "partner_version_reused",
      retry: "never",
      culprit: name,
      path: "mapping/version",
      hint: "raise mapping.version in the file: facts remember the version that made them",
    });
  }
  const use = { name, version, sha256, text, by, at };
  return { ...use, id: await partners.use(use) };
}
