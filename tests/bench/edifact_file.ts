/** A file of status messages as carriers send them, of any size, the same on every machine. */
import { writeFileSync } from "node:fs";

/** Segments of one message, UNH and UNT included. */
const SEGMENTS = 12;
const PORTS = ["DEHAM", "NLRTM", "BEANR", "GBFXT", "ESVLC", "FRLEH"];
const CODES = ["24", "1", "31", "48", "74", "21"];

export interface EdifactFile {
  segments: number;
  messages: number;
}

/** Writes IFTSTA messages until the file has at least so many segments. */
export function writeEdifactFile(path: string, segments: number): EdifactFile {
  const messages = Math.ceil((segments - 2) / SEGMENTS);
  const texts = Array.from({ length: messages }, (_, n) => message(n + 1));
  const head = "UNB+UNOC:3+CARRIER+SHIPPER+260711:1200+1'";
  writeFileSync(path, `${head}${texts.join("")}UNZ+${messages}+1'`);
  return { segments: messages * SEGMENTS + 2, messages };
}

function message(n: number): string {
  const port = PORTS[n % PORTS.length];
  const code = CODES[n % CODES.length];
  const minute = String(n % 60).padStart(2, "0");
  const lines = [
    `UNH+${n}+IFTSTA:D:96A:UN`,
    `BGM+23+DOC${n}+9`,
    "DTM+137:202607101200:203",
    "NAD+CA+ABCD",
    `CNI+1+LOAD${n}`,
    `STS+1+${code}`,
    `RFF+BM:BOL${n}`,
    `DTM+334:2026071008${minute}:203`,
    "FTX+AAI+++Gate 3?: driver?'s papers checked",
    `LOC+7+${port}:139:6:Terminal ${n % 50}`,
    "GID+1+24:CT",
    `UNT+${SEGMENTS}+${n}`,
  ];
  return lines.map((line) => `${line}'\r\n`).join("");
}
