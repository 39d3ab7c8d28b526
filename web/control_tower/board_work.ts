/** Working on what is wrong with shipments: own, acknowledge, snooze; one or many, with undo. */
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import { refusalText } from "../components/server_error.ts";
import { _t } from "../translation.ts";

export type WorkAction = "own" | "acknowledge" | "snooze" | "reopen" | "close";

interface Services {
  notification: OdooServices["notification"];
  orm: OdooServices["orm"];
}

export class BoardWork {
  readonly #services: Services;
  readonly #onDone: () => void;

  constructor(services: Services, onDone: () => void) {
    this.#services = services;
    this.#onDone = onDone;
  }

  /** `until` of a snooze: an instant as Odoo writes it; without one it sleeps until the next event. */
  async act(ids: readonly number[], action: WorkAction, until?: string): Promise<void> {
    if (ids.length === 0) return;
    const { orm, notification } = this.#services;
    let before: unknown[];
    try {
      const args = [ids, action, ...(until === undefined ? [] : [until])];
      before = (await orm.call("milepost.shipment", "work", args)) as unknown[];
    } catch (error) {
      const refusal = refusalText(error);
      if (refusal === null) throw error;
      notification.add(refusal, { type: "warning" });
      return;
    }
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
    await orm.call("milepost.issue", "restore", [before]);
    notification.add(_t("Undone"), { type: "info" });
    this.#onDone();
  }

  #doneText(action: WorkAction, count: number): string {
    const texts = {
      own: _t("%s yours now", count),
      acknowledge: _t("%s acknowledged", count),
      snooze: _t("%s snoozed", count),
      reopen: _t("%s back in the queue", count),
      close: _t("%s closed", count),
    };
    return texts[action];
  }
}

/** For the component that calls this in its setup; `onDone` is called after each change. */
export function useBoardWork(onDone: () => void): BoardWork {
  const services = { notification: useService("notification"), orm: useService("orm") };
  return new BoardWork(services, onDone);
}
