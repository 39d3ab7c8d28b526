/** What can be done about what is wrong: for one issue, or for all that are selected. */
import { Component, onWillStart, useState } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { WorkAction, WorkDetails } from "../board_work.ts";
import type { RowIssue } from "../board_data.ts";
import { isObjectOrNull } from "../../components/prop_types.ts";
import { asked } from "../../components/server_error.ts";

interface Colleague {
  id: number;
  name: string;
}

interface Props {
  /** Of the one; null for several. */
  issue: Pick<RowIssue, "state" | "is_mine" | "user_id"> | null;
  now: DateTime;
  act: (action: WorkAction, details?: WorkDetails) => void;
}

export class WorkBar extends Component<Props> {
  static override template = "milepost.WorkBar";
  static override props = { issue: { validate: isObjectOrNull }, now: Object, act: Function };

  state!: { colleagues: Colleague[] };

  override setup(): void {
    const orm = useService("orm");
    this.state = useState<WorkBar["state"]>({ colleagues: [] });
    // Whoever may not assign is offered nobody; the bar does not wait for the names.
    const read = async () => {
      const told = await asked(orm.silent.call("milepost.issue", "colleagues"));
      if ("answer" in told) this.state.colleagues = told.answer as Colleague[];
    };
    onWillStart(() => void read());
  }

  get isHandled(): boolean {
    const { issue } = this.props;
    return issue !== null && issue.state !== "open";
  }

  get isMine(): boolean {
    return this.props.issue?.is_mine ?? false;
  }

  /** To whom it can be given; not to whose it is. */
  get others(): Colleague[] {
    return this.state.colleagues.filter(({ id }) => id !== this.props.issue?.user_id);
  }

  /** Until when it may sleep; the empty one is the next event. */
  get sleeps(): { until: string; text: string }[] {
    const { now } = this.props;
    const tomorrow = now.plus({ days: 1 }).startOf("day").plus({ hours: 8 });
    const choices: [DateTime | null, string][] = [
      [null, _t("Until the next event")],
      [now.plus({ hours: 1 }), _t("For 1 hour")],
      [now.plus({ hours: 4 }), _t("For 4 hours")],
      [tomorrow, _t("Until tomorrow morning")],
    ];
    return choices.map(([at, text]) => ({ until: at === null ? "" : serializeDateTime(at), text }));
  }

  onSnooze(event: Event): void {
    const until = chosen(event);
    this.props.act("snooze", until === "" ? {} : { until });
  }

  onAssign(event: Event): void {
    this.props.act("assign", { userId: Number(chosen(event)) });
  }
}

/** What was chosen of a list that is a button: it shows its name again. */
function chosen(event: Event): string {
  const select = event.target as HTMLSelectElement;
  const { value } = select;
  select.value = "-";
  return value;
}
