/** Letting money go from the board: one hold, or alike ones together. The server decides who may. */
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import { asked } from "../components/server_error.ts";
import { _t } from "../translation.ts";
import type { HoldLine, Outlook, Released } from "./hold_data.ts";
import type { HoldFeed } from "./hold_feed.ts";
import { ReleaseDialog } from "./release_dialog/release_dialog.ts";
import { ReleaseManyDialog } from "./release_many_dialog/release_many_dialog.ts";

interface Services {
  dialog: OdooServices["dialog"];
  notification: OdooServices["notification"];
  orm: OdooServices["orm"];
}

export class HoldReleases {
  readonly #feed: HoldFeed;
  readonly #services: Services;
  readonly #onDone: () => void;

  constructor(feed: HoldFeed, services: Services, onDone: () => void) {
    this.#feed = feed;
    this.#services = services;
    this.#onDone = onDone;
  }

  one = (line: HoldLine): void => {
    const codes = this.#codes();
    if (codes === null) return;
    this.#services.dialog.add(ReleaseDialog, {
      line,
      codes,
      release: (code: string, text: string) => this.#releaseOne(line, code, text),
    });
  };

  /** First it is told which of them stay, and why; then they go with one code and text. */
  many = async (ids: readonly number[]): Promise<void> => {
    const codes = this.#codes();
    if (codes === null) return;
    const { orm, dialog } = this.#services;
    const outlook = (await orm.call("milepost.hold", "release_outlook", [ids])) as Outlook;
    dialog.add(ReleaseManyDialog, {
      outlook,
      codes,
      release: (code: string, text: string) => this.#releaseMany(outlook.free, code, text),
    });
  };

  /** Null for whoever decides on nothing. */
  #codes(): [string, string][] | null {
    const { answer } = this.#feed.state;
    return answer === null || answer.role === false ? null : answer.release_codes;
  }

  /** Gives the server's refusal, null when the money is free. */
  async #releaseOne(line: HoldLine, code: string, text: string): Promise<string | null> {
    const { orm } = this.#services;
    const done = await asked(
      orm.call("milepost.hold", "action_release", [[line.id]], { code, text }),
    );
    if ("refusal" in done) return done.refusal;
    const waits = line.people > 1 && line.agreed.length === 0;
    this.#services.notification.add(
      waits ? _t("You agreed. A second person must agree too.") : _t("Released"),
      { type: waits ? "info" : "success" },
    );
    await this.#feed.retry();
    return null;
  }

  async #releaseMany(
    ids: readonly number[],
    code: string,
    text: string,
  ): Promise<Released | string> {
    const { orm } = this.#services;
    const done = await asked(orm.call("milepost.hold", "release_alike", [ids, code, text]));
    if ("refusal" in done) return done.refusal;
    const { released } = done.answer as Released;
    this.#services.notification.add(_t("%s released", released.length), { type: "success" });
    this.#onDone();
    await this.#feed.retry();
    return done.answer as Released;
  }
}

/** For the component that calls this in its setup; `onDone` is called when several were released. */
export function useHoldReleases(feed: HoldFeed, onDone: () => void): HoldReleases {
  const services = {
    dialog: useService("dialog"),
    notification: useService("notification"),
    orm: useService("orm"),
  };
  return new HoldReleases(feed, services, onDone);
}
