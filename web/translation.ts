/**
 * The one import of Odoo's translation function. esbuild renames a second import to `_t2`, which
 * Odoo's extraction of terms does not find; so every other file imports `_t` from here.
 */
export { _t } from "@web/core/l10n/translation";
