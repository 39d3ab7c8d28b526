/** The work bar of one issue, on its form and in the lines of the list. */
import { Component } from "@odoo/owl";
import { user } from "@web/core/user";
import type { ViewRecord } from "@web/views/widgets/standard_widget_props";
import type { DateTime } from "luxon";
import { deviceNow } from "../../components/moments.ts";
import type { RowIssue } from "../../control_tower/board_data.ts";
import {
  useBoardWork,
  type BoardWork,
  type WorkAction,
  type WorkDetails,
} from "../../control_tower/board_work.ts";
import { WorkBar } from "../../control_tower/work_bar/work_bar.ts";

interface Props {
  record: ViewRecord;
  readonly?: boolean;
  /** In a line: what one click does. */
  isShort?: boolean;
}

type Issue = Pick<RowIssue, "state" | "is_mine" | "user_id">;

export class IssueWork extends Component<Props> {
  static override template = "milepost.IssueWork";
  static components = { WorkBar };
  static override props = {
    record: Object,
    readonly: { type: Boolean, optional: true },
    isShort: { type: Boolean, optional: true },
  };

  work!: BoardWork;

  override setup(): void {
    this.work = useBoardWork("issues", () => void this.props.record.model.load());
  }

  get now(): DateTime {
    return deviceNow();
  }

  /** Null for whoever may not work on it, and when it is closed. */
  get issue(): Issue | null {
    const { state, user_id: owner, is_workable: isWorkable } = this.props.record.data;
    if (isWorkable !== true) return null;
    const userId = owner ? (owner as { id: number }).id : false;
    return { state: state as Issue["state"], user_id: userId, is_mine: userId === user.userId };
  }

  act = (action: WorkAction, details?: WorkDetails): void => {
    const { resId } = this.props.record;
    if (resId) void this.work.act([resId], action, details);
  };
}

const fieldDependencies = [
  { name: "is_workable", type: "boolean" },
  { name: "state", type: "selection" },
  { name: "user_id", type: "many2one" },
];

export const issueWork = { component: IssueWork, fieldDependencies };
export const issueLineWork = {
  ...issueWork,
  extractProps: () => ({ isShort: true }),
};
