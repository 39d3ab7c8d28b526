/** A file of status messages as carriers send them, of any size, the same on every machine. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const ISA =
  "ISA*00*          *00*          *ZZ*CARRIER        *ZZ*SHIPPER        *260711*1200*U*00401*000000001*0*P*>~\n";
const STATES = ["IL", "NJ", "CA", "GA", "OH", "PA"];
const CODES = ["X3", "AF", "X6", "X4", "P1", "AG", "X1", "D1"];
/** Segments of one message, ST and SE included. */
const SEGMENTS = 14;
const WRITE_CHARACTERS = 1_000_000;

export interface X12File {
  segments: number;
  messages: number;
}

/** Writes 214 messages until the file has at least so many segments. */
export async function writeX12File(path: string, segments: number): Promise<X12File> {
  const messages = Math.ceil((segments - 4) / SEGMENTS);
  const file = createWriteStream(path);
  file.write(`${ISA}GS*QM*CARRIER*SHIPPER*20260711*1200*1*X*004010~\n`);
  let text = "";
  for (let n = 1; n <= messages; n += 1) {
    text += message(n);
    if (text.length < WRITE_CHARACTERS) continue;
    if (!file.write(text)) await once(file, "drain");
    text = "";
  }
  file.end(`${text}GE*${messages}*1~\nIEA*1*000000001~\n`);
  await finished(file);
  return { segments: messages * SEGMENTS + 4, messages };
}

function message(n: number): string {
  const state = STATES[n % STATES.length];
  const code = CODES[n % CODES.length];
  const minute = String(n % 60).padStart(2, "0");
  const lines = [
    `ST*214*${n}`,
    `B10*PRO${n}*LOAD${n}*SCAC`,
    `L11*BOL${n}*BM`,
    `L11*PO${n}*PO`,
    `N1*ST*CONSIGNEE ${n}*93*${n}`,
    "N3*1 MAIN STREET",
    `N4*SPRINGFIELD*${state}*60601*US`,
    "LX*1",
    `AT7*${code}*NS***20260710*08${minute}*LT`,
    `MS1*SPRINGFIELD*${state}*US`,
    `MS2*SCAC*TRL${n % 500}*TL`,
    "L11*2*QN",
    "AT8*G*L*12000*24",
    `SE*${SEGMENTS}*${n}`,
  ];
  return lines.map((line) => `${line}~\n`).join("");
}
