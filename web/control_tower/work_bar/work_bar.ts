/** What can be done about what is wrong: for the open shipment, or for all that are selected. */
import { Component } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { WorkAction } from "../board_work.ts";
import type { RowIssue } from "../board_data.ts";
import { isObjectOrNull } from "../../components/prop_types.ts";

interface Props {
  /** Of the one shipment; null for several. */
  issue: RowIssue | null;
  now: DateTime;
  act: (action: WorkAction, until?: string) => void;
}

export class WorkBar extends Component<Props> {
  static override template = "milepost.WorkBar";
  static override props = { issue: { validate: isObjectOrNull }, now: Object, act: Function };

  get isHandled(): boolean {
    const { issue } = this.props;
    return issue !== null && issue.state !== "open";
  }

  get isMine(): boolean {
    return this.props.issue?.is_mine ?? false;
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
    const select = event.target as HTMLSelectElement;
    const { value } = select;
    select.value = "-";
    this.props.act("snooze", value === "" ? undefined : value);
  }
}
