/** Requests to a partner by a template of its file: filled in its process, bounded here. */
import { MilepostError } from "../../errors.ts";
import { JsonNode } from "../shared/json/node.ts";
import type { PeerRequest } from "../source.ts";
import { mappingLabel } from "./mapping.ts";
import { type Written, written } from "./order_bodies.ts";
import type { RequestRule } from "./order_rules.ts";
import type { Partner } from "./partner_file.ts";
import { type FillJob, processOf } from "./reading_process.ts";
import { textAt } from "./values.ts";

/** The filled template. Throws `order_template` (`never`) when one of its expressions failed. */
export async function fill(partner: Partner, job: FillJob): Promise<JsonNode> {
  const process = processOf(partner, mappingLabel(partner.mapping));
  const { value, failures } = await process.fill(job);
  const [failure] = failures;
  if (failure !== undefined) throw wrongTemplate(partner, failure.at, failure.text);
  return new JsonNode(value);
}

/** The request of a filled template, and how its body is written. Throws `order_template`. */
export function requestOf(
  partner: Partner,
  at: string,
  rule: RequestRule,
  filled: JsonNode,
): { request: PeerRequest; ending: Written["ending"] } {
  const path = textAt(filled.at("path"), 2000);
  if (path === undefined || !path.startsWith("/")) {
    throw wrongTemplate(partner, `${at}/path`, "gives no path that begins with /");
  }
  const { body, contentType, ending } = written(rule.format, filled.at("body").value);
  const request: PeerRequest = {
    method: rule.method,
    path,
    query: textsOf(filled.at("query")),
    headers: {
      ...(body !== undefined && { "content-type": rule.content_type ?? contentType }),
      ...textsOf(filled.at("headers")),
    },
    ...(body !== undefined && { body }),
    expect: rule.statuses,
  };
  return { request, ending };
}

/** The members of an object that are texts. */
export function textsOf(node: JsonNode): Record<string, string> {
  const { value } = node;
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(
    Object.keys(value).flatMap((name) => {
      const text = textAt(node.at(name), 2000);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

function wrongTemplate({ mapping }: Partner, path: string, text: string): MilepostError {
  return new MilepostError(`${mappingLabel(mapping)}: ${path}: ${text}`, {
    code: "order_template",
    retry: "never",
    culprit: mappingLabel(mapping),
    path,
    hint: "mend the partner's file, enable it, then send the order again in Odoo",
  });
}
