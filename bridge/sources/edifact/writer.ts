/** Writes EDIFACT: segments with release characters where a value holds a delimiter. */

/** A component, an element of components, or nothing. */
export type Value = string | undefined | ReadonlyArray<string | undefined>;

/** What UNOC (ISO 8859-1) can carry; the rest is written as `?`-free ASCII. */
function clean(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[^\x20-\x7e\u00a0-\u00ff]/g, (found) => {
      const plain = found.normalize("NFD").replace(/[^\x20-\x7e]/g, "");
      return plain === "" ? " " : plain;
    })
    .trim();
}

function escape(text: string): string {
  return clean(text).replace(/[?+:']/g, "?$&");
}

/** One segment, trailing empty elements and components left out. */
export function segment(tag: string, ...elements: Value[]): string {
  const texts = elements.map((it) => {
    const components = (Array.isArray(it) ? it : [it]).map((text: string | undefined) =>
      escape(text ?? ""),
    );
    return dropEmpty(components).join(":");
  });
  return [tag, ...dropEmpty(texts)].join("+") + "'";
}

function dropEmpty(texts: readonly string[]): string[] {
  return texts.slice(0, texts.findLastIndex((it) => it !== "") + 1);
}

/** A text cut into components of at most `size`, as free-text composites want it. */
export function chunks(text: string, size: number, count: number): string[] {
  const words = clean(text);
  return Array.from({ length: count }, (_, at) => words.slice(at * size, (at + 1) * size)).filter(
    (it) => it !== "",
  );
}

export interface Head {
  sender: readonly string[];
  receiver: readonly string[];
  /** UNB 0020, at most 14 characters. */
  reference: string;
  prepared: Date;
  test?: boolean;
}

/** One interchange of one message: UNB, UNH, the body, and trailers with the right counts. */
export function interchange(
  { sender, receiver, reference, prepared, test }: Head,
  type: string,
  release: string,
  body: readonly string[],
): Buffer {
  const stamp = prepared.toISOString().replace(/[-:]/g, "");
  const [date, time] = [stamp.slice(2, 8), stamp.slice(9, 13)];
  const message = [segment("UNH", "1", [type, ...release.split(":")]), ...body];
  const lines = [
    segment(
      "UNB",
      ["UNOC", "3"],
      sender,
      receiver,
      [date, time],
      reference,
      ...(test === true ? [undefined, undefined, undefined, undefined, undefined, "1"] : []),
    ),
    ...message,
    segment("UNT", String(message.length + 1), "1"),
    segment("UNZ", "1", reference),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
}
