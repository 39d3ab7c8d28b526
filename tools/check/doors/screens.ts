/** What people reach on screens: the methods that views, actions, reports and the web client name. */
import { XMLParser } from "fast-xml-parser";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelPart } from "./python_models.ts";

/** A call that a screen or a program makes; an empty model is any that has the method. */
export interface Call {
  model: string;
  method: string;
}

type Node = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseAttributeValue: false,
  parseTagValue: false,
});

/** Calls of every data file of the addons under `folder`. */
export function callsOfData(folder: string, parts: readonly ModelPart[]): Call[] {
  return globSync("*/{views,wizard,report,data,security}/**/*.xml", { cwd: folder }).flatMap(
    (file) => callsOfXml(readFileSync(join(folder, file), "utf8"), parts),
  );
}

/** Buttons of views, by the model that stands around them, and code of actions, crons and templates. */
export function callsOfXml(xml: string, parts: readonly ModelPart[]): Call[] {
  const relations = relationsOf(parts);
  return (parser.parse(xml) as Node[]).flatMap((node) => walk(node, "", relations));
}

function relationsOf(parts: readonly ModelPart[]): Map<string, string> {
  return new Map(
    parts.flatMap(({ model, relations }) =>
      [...relations].map(([field, to]) => [`${model}.${field}`, to] as const),
    ),
  );
}

function walk(node: Node, model: string, relations: ReadonlyMap<string, string>): Call[] {
  const tag = Object.keys(node).find((key) => key !== ":@");
  if (tag === undefined) return [];
  const attributes = (node[":@"] ?? {}) as Record<string, string>;
  const children = node[tag];
  if (!Array.isArray(children)) {
    return [...String(children).matchAll(/\b(?:model|records?|env\[[^\]]+\])\.(\w+)\(/g)].map(
      ([, method = ""]) => ({ model: "", method }),
    );
  }
  const own = modelWithin(tag, attributes, children as Node[], model, relations);
  const called = [
    ...Object.values(attributes)
      .join(" ")
      .matchAll(/\b\w+\.(\w+)\(/g),
  ].map(([, method = ""]) => ({ model: "", method }));
  const button =
    attributes["type"] === "object" && attributes["name"] !== undefined
      ? [{ model, method: attributes["name"] }]
      : [];
  const opened =
    attributes["action"] !== undefined && attributes["type"] === "object"
      ? [{ model, method: attributes["action"] }]
      : [];
  return [
    ...button,
    ...opened,
    ...called,
    ...(children as Node[]).flatMap((child) => walk(child, own, relations)),
  ];
}

/** A view is of its record's model; inside of a field that leads to records it is of theirs. */
function modelWithin(
  tag: string,
  attributes: Record<string, string>,
  children: readonly Node[],
  model: string,
  relations: ReadonlyMap<string, string>,
): string {
  if (tag === "record") return textOf(children, "model") ?? "";
  if (tag !== "field" || children.length === 0) return model;
  return relations.get(`${model}.${attributes["name"] ?? ""}`) ?? model;
}

function textOf(children: readonly Node[], name: string): string | undefined {
  const field = children.find(
    (it) => "field" in it && (it[":@"] as Record<string, string> | undefined)?.["name"] === name,
  );
  const [text] = (field?.["field"] ?? []) as Node[];
  const words = text?.["#text"];
  return typeof words === "string" ? words : undefined;
}

/** What the web client calls: `orm.call("model", "method", …)`, its silent twin, object buttons. */
export function callsOfClient(text: string): Call[] {
  return [...text.matchAll(/\.call\(\s*"([\w.]+)",\s*"(\w+)"/g)].map(
    ([, model = "", method = ""]) => ({ model, method }),
  );
}
