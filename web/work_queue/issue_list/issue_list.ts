/** The list of issues: what is selected is worked on as on the control tower, and taken back. */
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import type { DateTime } from "luxon";
import { deviceNow } from "../../components/moments.ts";
import {
  useBoardWork,
  type BoardWork,
  type WorkAction,
  type WorkDetails,
} from "../../control_tower/board_work.ts";
import { WorkBar } from "../../control_tower/work_bar/work_bar.ts";

class IssueListController extends ListController {
  static override template = "milepost.IssueList";
  static override components = { ...ListController.components, WorkBar };

  work!: BoardWork;

  override setup(): void {
    super.setup();
    this.work = useBoardWork("issues", () => void this.model.load());
  }

  get now(): DateTime {
    return deviceNow();
  }

  actOnSelected = async (action: WorkAction, details?: WorkDetails): Promise<void> => {
    await this.work.act(await this.model.root.getResIds(true), action, details);
  };
}

export const issueList = { ...listView, Controller: IssueListController };
