/** What a board shows: read from Odoo, kept current by the bus. */
import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import { LiveReader } from "./live_reader.ts";
import { isAccessError } from "./server_error.ts";

/** Ages are shown in minutes, and some things become true by time alone, without any notice. */
const TICK_MS = 30_000;

export interface LineState {
  /** The user waits for a read. */
  isReading: boolean;
  isLive: boolean;
  fault: "refused" | "failed" | null;
}

/** Of several reads under way only the last one counts. */
export abstract class LiveFeed<Answer, State extends LineState = LineState> {
  readonly state: State;
  readonly reader = new LiveReader(() => this.#refresh());
  readonly #orm: OdooServices["orm"];
  #turn = 0;

  constructor(orm: OdooServices["orm"], state: State) {
    this.#orm = orm;
    this.state = state;
  }

  protected abstract ask(orm: OdooServices["orm"]): Promise<Answer>;
  /** Shows the answer; `isRefresh` when nobody asked for it. */
  protected abstract accept(answer: Answer, isRefresh: boolean): void;
  /** These records changed; null: any may have. */
  protected onChanged(_ids: readonly number[] | null): void {}

  /** Reads while the user waits; a fault is shown in place of the board. */
  async retry(): Promise<void> {
    this.state.isReading = true;
    try {
      await this.#read(this.#orm, false);
      this.state.fault = null;
    } catch (error) {
      this.state.fault = isAccessError(error) ? "refused" : "failed";
    }
    this.state.isReading = false;
  }

  /** Reads what the user asked for beside what is shown; tells whether Odoo answered. */
  protected async extend(): Promise<boolean> {
    try {
      await this.#read(this.#orm, false);
      return true;
    } catch {
      this.state.isLive = false;
      return false;
    }
  }

  onNotice(ids: readonly number[]): void {
    this.onChanged(ids);
    this.reader.notice();
  }

  /** What happened while the line was down was not notified. */
  onConnected(): void {
    this.state.isLive = true;
    this.onChanged(null);
    this.reader.notice();
  }

  /** A read in the background: a fault must not interrupt the user, but must be seen. */
  async #refresh(): Promise<void> {
    try {
      await this.#read(this.#orm.silent, true);
      this.state.isLive = true;
      this.state.fault = null;
    } catch {
      this.state.isLive = false; // the ticker tries again
    }
  }

  async #read(orm: OdooServices["orm"], isRefresh: boolean): Promise<void> {
    const turn = ++this.#turn;
    const answer = await this.ask(orm);
    if (turn === this.#turn) this.accept(answer, isRefresh);
  }
}

/** Feeds from notices of such a type until the component that calls this in its setup ends. */
export function useLiveLine(type: string, feed: LiveFeed<unknown>): void {
  const bus = useService("bus_service");
  const onNotice = ({ ids }: { ids: number[] }) => feed.onNotice(ids);
  bus.subscribe(type, onNotice);
  void bus.start();
  useBus(bus, "BUS:DISCONNECT", () => (feed.state.isLive = false));
  useBus(bus, "BUS:CONNECT", () => feed.onConnected());
  useBus(bus, "BUS:RECONNECT", () => feed.onConnected());
  useExternalListener(document, "visibilitychange", () => feed.reader.wake());
  const ticker = browser.setInterval(() => feed.reader.notice(), TICK_MS);
  onWillUnmount(() => {
    bus.unsubscribe(type, onNotice);
    browser.clearInterval(ticker);
    feed.reader.stop();
  });
}
