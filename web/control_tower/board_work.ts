/** Working on what is wrong with shipments: own, assign, acknowledge, snooze, close; with undo. */
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import { asked } from "../components/server_error.ts";
import { _t } from "../translation.ts";

export type WorkAction = "own" | "assign" | "acknowledge" | "snooze" | "reopen" | "close";

/** What an action needs to know besides. */
export interface WorkDetails {
  /** Of a snooze: an instant as Odoo writes it; without one it sleeps until the next event. */
  until?: string;
  /** Of an assignment: whose it is from now on. */
  userId?: number;
}

/** What is worked on: shipments by what is wrong with them, or the issues themselves. */
export type WorkOn = "shipments" | "issues";

interface Services {
  notification: OdooServices["notification"];
  orm: OdooServices["orm"];
}

export class BoardWork {
  readonly #services: Services;
  readonly #on: WorkOn;
  readonly #onDone: () => void;

  constructor(services: Services, on: WorkOn, onDone: () => void) {
    this.#services = services;
    this.#on = on;
    this.#onDone = onDone;
  }

  async act(ids: readonly number[], action: WorkAction, details: WorkDetails = {}): Promise<void> {
    if (ids.length === 0) return;
    const { orm, notification } = this.#services;
    const { until = false, userId = false } = details;
    const args = [ids, action, until, userId];
    const call =
      this.#on === "shipments"
        ? orm.call("milepost.shipment", "work", args)
        : orm.call("milepost.issue", "work", args);
    const done = await asked(call);
    if ("refusal" in done) return this.#refused(done.refusal);
    const before = done.answer as unknown[];
    this.#onDone();
    const close = notification.add(this.#doneText(action, before.length), {
      type: "success",
      buttons: [
        {
          name: _t("Undo"),
          onClick: () => {
            close();
            void this.#undo(before);
          },
        },
      ],
    });
  }

  async #undo(before: unknown[]): Promise<void> {
    const { orm, notification } = this.#services;
    const done = await asked(orm.call("milepost.issue", "restore", [before]));
    if ("refusal" in done) return this.#refused(done.refusal);
    notification.add(_t("Undone"), { type: "info" });
    this.#onDone();
  }

  #refused(why: string): void {
    this.#services.notification.add(why, { type: "warning" });
  }

  #doneText(action: WorkAction, count: number): string {
    const texts = {
      own: _t("%s yours now", count),
      assign: _t("%s assigned", count),
      acknowledge: _t("%s acknowledged", count),
      snooze: _t("%s snoozed", count),
      reopen: _t("%s back in the queue", count),
      close: _t("%s closed", count),
    };
    return texts[action];
  }
}

/** For the component that calls this in its setup; `onDone` is called after each change. */
export function useBoardWork(on: WorkOn, onDone: () => void): BoardWork {
  const services = { notification: useService("notification"), orm: useService("orm") };
  return new BoardWork(services, on, onDone);
}
