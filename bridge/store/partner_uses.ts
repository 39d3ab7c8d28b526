/** Which version of each partner's mapping is in use, and which were before. */

/** A version of a partner's mapping that was put into use. */
export interface PartnerUse {
  id: number;
  name: string;
  version: number;
  sha256: string;
  text: string;
  /** Who put it into use. */
  by: string;
  at: number;
}

export interface PartnerUses {
  /** From now on this version reads; gives the number of this entry. */
  use(it: Omit<PartnerUse, "id">): Promise<number>;
  inUse(name: string): Promise<PartnerUse | null>;
  /** Newest first. */
  history(name: string): Promise<PartnerUse[]>;
}
