/** What a copy of the store says about itself. */
export interface CopyFacts {
  /** Version of the schema. */
  schema: number;
  environment: string | null;
  /** Rows by table. */
  counts: Record<string, number>;
  /** The last message of each connection and channel, epoch milliseconds. */
  latest: Array<{ connection: string; channel: string; at: number }>;
  /** When each poll's last page was stored, epoch milliseconds. */
  polls: Array<{ connection: string; at: number }>;
}

/** The store's side of making and taking back copies; the composition root says which store. */
export interface StoreCopies {
  copy(directory: string, target: string): Promise<void>;
  inspect(file: string): CopyFacts;
  has(directory: string): boolean;
  /** Name of the store's file in its directory. */
  readonly fileName: string;
}
