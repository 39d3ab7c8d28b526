/**
 * The core's bundle: its client actions, by the tag that their records name, and what the boards of
 * other addons share with the control tower.
 */
import { registry } from "@web/core/registry";
import { ControlTower } from "./control_tower/control_tower.ts";
import { issueList } from "./work_queue/issue_list/issue_list.ts";
import { issueLineWork, issueWork } from "./work_queue/issue_work/issue_work.ts";

export * from "./components/board_keys.ts";
export * from "./components/keys.ts";
export * from "./components/live_feed.ts";
export * from "./components/live_mark/live_mark.ts";
export * from "./components/moments.ts";
export * from "./components/notice/notice.ts";
export * from "./components/prop_types.ts";
export * from "./components/search_setup.ts";
export * from "./components/server_error.ts";
export * from "./components/url_state.ts";

registry.category("actions").add("milepost.control_tower", ControlTower);
registry.category("views").add("milepost_issue_list", issueList);
registry
  .category("view_widgets")
  .add("milepost_issue_work", issueWork)
  .add("milepost_issue_line_work", issueLineWork);
