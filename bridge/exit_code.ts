/** Exit codes of sysexits.h, so that systemd and scripts know what to do. */
import { MilepostError } from "./errors.ts";

export const EXIT = {
  ok: 0,
  usage: 64,
  data: 65,
  unavailable: 69,
  internal: 70,
  temporary: 75,
  permission: 77,
  configuration: 78,
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  config_invalid: EXIT.configuration,
  environment_mismatch: EXIT.configuration,
  odoo_wrong_database: EXIT.configuration,
  odoo_wrong_environment: EXIT.configuration,
  store_version: EXIT.configuration,
  store_key_missing: EXIT.configuration,
  store_key_invalid: EXIT.configuration,
  store_value_broken: EXIT.configuration,
  not_found: EXIT.data,
  backup_unreadable: EXIT.data,
  backup_damaged: EXIT.data,
  backup_key: EXIT.data,
  export_unreadable: EXIT.data,
  bundle_unreadable: EXIT.data,
  restore_target: EXIT.data,
  backup_no_key: EXIT.configuration,
  backup_dir: EXIT.unavailable,
  backup_no_room: EXIT.temporary,
  audit_broken: EXIT.data,
  mapping_invalid: EXIT.data,
  partner_trial: EXIT.data,
  partner_test: EXIT.data,
  expectation_invalid: EXIT.data,
  partner_version_reused: EXIT.data,
  usage: EXIT.usage,
  store_unavailable: EXIT.unavailable,
  store_failed: EXIT.unavailable,
  listen_failed: EXIT.unavailable,
  store_locked: EXIT.temporary,
  store_busy: EXIT.temporary,
  store_full: EXIT.temporary,
};

/** The exit code for what was thrown. */
export function exitCode(error: unknown): number {
  return (error instanceof MilepostError ? BY_CODE[error.code] : undefined) ?? EXIT.internal;
}
