/** What a stop does, last first. */
export type Disposers = Array<() => Promise<void> | void>;
