/** Which part of `web/` goes into which addon. */

export interface Bundle {
  /** The addon that has the screens; also the name of the bundle's files. */
  addon: string;
  /** Folders of `web/` that are the bundle's own, besides its entry `web/ADDON.ts`. */
  folders: readonly string[];
}

/** What all boards share is in the core's bundle, from which the others import it. */
export const CORE: Bundle = {
  addon: "milepost",
  folders: ["components", "control_tower", "work_queue"],
};
export const SHARED_FOLDER = "components";

export const BUNDLES: readonly Bundle[] = [
  CORE,
  { addon: "milepost_billing", folders: ["billing", "billing_lag", "invoice_holds"] },
];
