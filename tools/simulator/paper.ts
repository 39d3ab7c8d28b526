/** Proofs of delivery as files: a delivery note (PDF) and a signature (PNG). */
import { createHash } from "node:crypto";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { PNG } from "pngjs";
import type { Random } from "./random.ts";

export interface Paper {
  name: string;
  media_type: "application/pdf" | "image/png";
  content: Buffer;
  sha256: string;
}

/** A delivery note; the same lines give the same bytes. */
export async function deliveryNote(
  title: string,
  lines: readonly string[],
  at: Date,
): Promise<Paper> {
  const document = await PDFDocument.create();
  document.setTitle(title);
  document.setCreationDate(at);
  document.setModificationDate(at);
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([420, 595]);
  page.drawText(title, { x: 40, y: 540, size: 16, font });
  lines.slice(0, 30).forEach((text, index) => {
    page.drawText(latin(text), { x: 40, y: 510 - index * 16, size: 10, font });
  });
  return paper(`${title}.pdf`, "application/pdf", Buffer.from(await document.save()));
}

/** The standard fonts know Latin letters only. */
function latin(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\u00ff]/g, "?").slice(0, 90);
}

/** A scribble that stands for a signature. */
export function signature(name: string, random: Random): Paper {
  const image = new PNG({ width: 200, height: 60, colorType: 0 });
  image.data.fill(255);
  let y = 30;
  for (let x = 10; x < 190; x += 1) {
    y = Math.min(52, Math.max(8, y + random.integer(-3, 3)));
    for (const row of [y, y + 1]) image.data.fill(20, (row * 200 + x) * 4, (row * 200 + x) * 4 + 3);
  }
  return paper(`${name}.png`, "image/png", PNG.sync.write(image, { colorType: 0 }));
}

function paper(name: string, media_type: Paper["media_type"], content: Buffer): Paper {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { name: name.replace(/[/\\]/g, "-"), media_type, content, sha256 };
}
