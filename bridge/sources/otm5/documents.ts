/** Documents of OTM5: those told inline become evidence, links are handed on to be fetched. */
import { createHash } from "node:crypto";
import type { ProofOfDelivery } from "../../canonical/fact.ts";
import { MAX_PAPER_BYTES, paperTypeOf } from "../../canonical/papers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import type { Scope } from "./scope.ts";

export type PodDocument = NonNullable<ProofOfDelivery["documents"]>[number];

export interface Papers {
  inline: PodDocument[];
  links: Array<{ node: JsonNode; uri: string; name: string | undefined }>;
}

/** The papers among document entities told inline; faulty ones become findings. */
export function papersOf(scope: Scope, documents: readonly JsonNode[]): Papers {
  const papers: Papers = { inline: [], links: [] };
  for (const node of documents.slice(0, 20)) {
    const content = node.at("content");
    const uri = content.at("uri").text(4000);
    if (uri !== undefined) {
      papers.links.push({ node, uri, name: nameOf(node) });
      continue;
    }
    const paper = inlinePaper(scope, node);
    const known = papers.inline.some((it) => it.sha256 === paper?.sha256);
    if (paper !== undefined && !known) papers.inline.push(paper);
  }
  return papers;
}

function inlinePaper(scope: Scope, node: JsonNode): PodDocument | undefined {
  const raw = node.at("content", "raw");
  if (typeof raw.value !== "string" || raw.value === "") {
    scope.builder.finding("warning", "empty_document", node.path, "a document without content");
    return undefined;
  }
  const base64 = raw.value.replace(/^data:[\w/+.-]*;base64,/, "").replace(/\s/g, "");
  const bytes = Buffer.from(base64, "base64");
  const fault = faultOf(base64, bytes);
  const mediaType = paperTypeOf(bytes);
  if (fault !== undefined || mediaType === undefined) {
    const text = fault ?? "neither PDF nor PNG, JPEG or TIFF";
    scope.builder.finding("error", "bad_document", raw.path, text);
    return undefined;
  }
  const told = node.at("mimeType").text(64);
  if (told !== undefined && told !== mediaType && told !== "image/jpg") {
    scope.builder.finding(
      "warning",
      "wrong_media_type",
      node.at("mimeType").path,
      `is ${mediaType}`,
    );
  }
  return {
    name: nameOf(node) ?? "document",
    media_type: mediaType,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    content_base64: bytes.toString("base64"),
  };
}

function faultOf(base64: string, bytes: Buffer): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return "not base64";
  return bytes.length > MAX_PAPER_BYTES ? `larger than ${MAX_PAPER_BYTES} bytes` : undefined;
}

function nameOf(document: JsonNode): string | undefined {
  return document.firstText(["filename", "name", "documentType"], 128);
}

/** Whether a paper that hangs on no delivery action is a proof of delivery by its own words. */
export function soundsLikePod(scope: Scope, document: JsonNode): boolean {
  const words = ["documentType", "name", "filename", "description"]
    .map((key) => document.at(key).text(256)?.toLowerCase() ?? "")
    .join(" ");
  return scope.settings.pod_words.some((word) => words.includes(word.toLowerCase()));
}
