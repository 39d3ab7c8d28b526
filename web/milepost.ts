/** What Odoo's web client gets: the client actions, by the tag that their records name. */
import { registry } from "@web/core/registry";
import { BillingLag } from "./billing_lag/billing_lag.ts";
import { ControlTower } from "./control_tower/control_tower.ts";
import { InvoiceHolds } from "./invoice_holds/invoice_holds.ts";

const actions = registry.category("actions");
actions.add("milepost.billing_lag", BillingLag);
actions.add("milepost.control_tower", ControlTower);
actions.add("milepost.invoice_holds", InvoiceHolds);
