import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { rereadingContract } from "./rereading_contract.ts";

rereadingContract("a SQLite file", () => openSqlite());
