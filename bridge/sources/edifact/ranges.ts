/** Ranges of package numbers: C208 of a GIN names the first and the last. */

/** A fact bears forty names; more of a range would push the others out. */
const MAX_RANGE = 20;

/**
 * The SSCC from one to the other (18 digits, the last a check digit), both included. Nothing when
 * what lies between cannot be known: the two are no SSCC, stand the wrong way round, or are too
 * many to name.
 */
export function expandedRange(from: string, to: string): string[] | undefined {
  if (to === "") return [from];
  if (!/^\d{18}$/.test(from) || !/^\d{18}$/.test(to)) return undefined;
  const first = BigInt(from.slice(0, -1));
  const between = BigInt(to.slice(0, -1)) - first;
  if (between === 0n || between === 1n) return [from, to];
  if (between < 0n || between >= BigInt(MAX_RANGE) || !isSscc(from) || !isSscc(to))
    return undefined;
  return Array.from({ length: Number(between) + 1 }, (_, n) => {
    const serial = String(first + BigInt(n)).padStart(17, "0");
    return serial + checkDigit(serial);
  });
}

function isSscc(text: string): boolean {
  return text.endsWith(checkDigit(text.slice(0, -1)));
}

/** GS1 General Specifications 7.9: weights 3 and 1, beginning with 3 beside the check digit. */
function checkDigit(serial: string): string {
  const sum = [...serial].reduceRight((so_far, digit, at) => {
    return so_far + Number(digit) * ((serial.length - at) % 2 === 1 ? 3 : 1);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
