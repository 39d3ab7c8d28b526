/** Billing's bundle: its client actions, and what it adds to the control tower. */
import { registry } from "@web/core/registry";
import { BillingLag } from "./billing_lag/billing_lag.ts";
import { InvoiceHolds } from "./invoice_holds/invoice_holds.ts";
import { holdRemark } from "./invoice_holds/hold_remark.ts";
import { stakeRemark } from "./invoice_holds/stake_remark.ts";

const actions = registry.category("actions");
actions.add("milepost.billing_lag", BillingLag);
actions.add("milepost.invoice_holds", InvoiceHolds);
registry
  .category("milepost.shipment_remarks")
  .add("stake", stakeRemark, { sequence: 7 })
  .add("hold", holdRemark, { sequence: 50 });
