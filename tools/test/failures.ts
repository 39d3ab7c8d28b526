/** What a part printed of its failures, told once more at the end, where nobody scrolls for it. */

const LONGEST = 4000;
/** Of a test inside Odoo: its heading and the first lines of its traceback. */
const LINES_OF_ONE = 20;

/**
 * @param output of mocha, or of tests inside Odoo
 * @returns empty when the output names no failure
 */
export function failuresOf(output: string): string {
  const mocha = /^ *\d+ failing\b[^]*$/m.exec(output)?.[0] ?? "";
  return [mocha, ...failuresInOdoo(output)].filter(Boolean).join("\n").trimEnd().slice(0, LONGEST);
}

function failuresInOdoo(output: string): string[] {
  const lines = output.split("\n");
  return lines.flatMap((line, at) =>
    / (?:FAIL|ERROR): (?:Subtest )?\w+\.test_/.test(line)
      ? [lines.slice(at, at + LINES_OF_ONE).join("\n")]
      : [],
  );
}
