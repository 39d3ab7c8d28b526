import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { queueContract } from "./queue_contract.ts";

queueContract("a SQLite file", () => openSqlite());
