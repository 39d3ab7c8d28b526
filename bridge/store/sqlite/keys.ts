/** Which keys the store is sealed with, and that they are the ones at hand. */
import type SqliteDatabase from "better-sqlite3";
import { keyMissing, type Vault } from "../vault.ts";
import { deleteProperty, getProperty, propertyNames, setProperty } from "./property_rows.ts";

type Sql = SqliteDatabase.Database;

const SEALED_BY = "sealed_by/";

/** Names of the keys that something in the store may be sealed with. */
export function keysInUse(sql: Sql): string[] {
  return propertyNames(sql, SEALED_BY);
}

/**
 * Checks at the start that every key of the store is there and is the one of its name, and notes
 * the current one. Throws `store_key_missing` or `store_value_broken`.
 */
export function checkKeys(sql: Sql, vault: Vault): void {
  for (const id of keysInUse(sql)) {
    if (!vault.has(id)) throw keyMissing(id);
    vault.openText(SEALED_BY + id, getProperty(sql, SEALED_BY + id) ?? "");
  }
  const name = SEALED_BY + vault.current;
  if (getProperty(sql, name) === null) setProperty(sql, name, vault.sealText(name, "sealed"));
}

/** Nothing is sealed with another key any more. */
export function forgetOtherKeys(sql: Sql, vault: Vault): void {
  for (const id of keysInUse(sql)) {
    if (id !== vault.current) deleteProperty(sql, SEALED_BY + id);
  }
}
