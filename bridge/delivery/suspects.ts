/**
 * Facts that were in a call which Odoo did not answer in time. They go alone until they are
 * through, so that they hold up no others. A restart forgets them, which costs one more such call.
 */
export class Suspects {
  readonly #seqs = new Map<string, Set<number>>();

  has(connection: string, seq: number): boolean {
    return this.#seqs.get(connection)?.has(seq) === true;
  }

  /** Whether the connection has any. */
  some(connection: string): boolean {
    return this.#seqs.has(connection);
  }

  add(connection: string, seqs: readonly number[]): void {
    const known = this.#seqs.get(connection) ?? new Set();
    for (const seq of seqs) known.add(seq);
    if (known.size > 0) this.#seqs.set(connection, known);
  }

  delete(connection: string, seqs: readonly number[]): void {
    const known = this.#seqs.get(connection);
    if (known === undefined) return;
    for (const seq of seqs) known.delete(seq);
    if (known.size === 0) this.#seqs.delete(connection);
  }
}
