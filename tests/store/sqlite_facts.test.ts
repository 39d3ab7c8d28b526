import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { factsContract } from "./facts_contract.ts";

factsContract("a SQLite file", () => openSqlite());
