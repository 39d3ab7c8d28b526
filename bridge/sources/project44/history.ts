import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";

/** What all facts of one message share. */
export interface History {
  root: JsonNode;
  shipmentId: string;
  identifiers: Identifier[];
  recordedAt: string;
  zone: string;
}
