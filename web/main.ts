/** What Odoo's web client gets: the client actions, by the tag that their records name. */
import { registry } from "@web/core/registry";
import { ControlTower } from "./control_tower/control_tower.ts";

registry.category("actions").add("milepost.control_tower", ControlTower);
