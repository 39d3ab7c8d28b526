/** How a sample writes its times: ISO 8601, or one of the ways that partners have of their own. */

/** Luxon's tokens, with what such a text looks like; of two that fit the first is taken. */
const DATES: ReadonlyArray<readonly [string, RegExp]> = [
  ["dd.MM.yyyy", /^(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.\d{4}/],
  ["d.M.yyyy", /^\d{1,2}\.\d{1,2}\.\d{4}/],
  ["dd.MM.yy", /^(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.\d{2}(?!\d)/],
  ["dd/MM/yyyy", /^(0[1-9]|[12]\d|3[01])\/(0[1-9]|1[0-2])\/\d{4}/],
  ["MM/dd/yyyy", /^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/\d{4}/],
  ["M/d/yyyy", /^(1[0-2]|[1-9])\/([12]\d|3[01]|[1-9])\/\d{4}/],
  ["dd-MM-yyyy", /^(0[1-9]|[12]\d|3[01])-(0[1-9]|1[0-2])-\d{4}/],
  ["yyyy/MM/dd", /^\d{4}\/\d{2}\/\d{2}/],
  ["yyyyMMdd", /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/],
];
const CLOCKS: ReadonlyArray<readonly [string, RegExp]> = [
  ["", /^$/],
  ["HH:mm:ss", /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/],
  ["HH:mm", /^([01]\d|2[0-3]):[0-5]\d$/],
  ["H:mm", /^\d{1,2}:[0-5]\d$/],
  ["h:mm a", /^(1[0-2]|[1-9]):[0-5]\d [AaPp][Mm]$/],
  ["HHmmss", /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/],
  ["HHmm", /^([01]\d|2[0-3])[0-5]\d$/],
];
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/;
/** Seconds or milliseconds since 1970, of this century. */
const EPOCH = /^1[4-9]\d{8}$/;
const EPOCH_MS = /^1[4-9]\d{11}$/;

export interface TimeForm {
  /** Luxon's tokens, `epoch` or `epoch_ms`; undefined for ISO 8601. */
  format?: string;
  hasClock: boolean;
  /** Day and month may be the other way round: no value says. */
  isUnsure?: true;
}

/**
 * The one form that all texts of a field have; nothing when they are no times.
 *
 * @param american whether 03/04 is more likely the fourth of March
 */
export function timeForm(values: readonly string[], american: boolean): TimeForm | undefined {
  if (values.length === 0) return undefined;
  if (values.every((it) => ISO.test(it))) {
    return { hasClock: values.some((it) => it.length > 10) };
  }
  if (values.every((it) => EPOCH.test(it))) return { format: "epoch", hasClock: true };
  if (values.every((it) => EPOCH_MS.test(it))) return { format: "epoch_ms", hasClock: true };
  const forms = DATES.flatMap(([date, looks]) => formOf(values, date, looks) ?? []);
  const [dayFirst, monthFirst] = ["dd/MM", "MM/dd"].map((start) =>
    forms.find((it) => it.format?.startsWith(start)),
  );
  if (dayFirst !== undefined && monthFirst !== undefined) {
    return { ...(american ? monthFirst : dayFirst), isUnsure: true };
  }
  return forms[0];
}

/** The form of a clock that stands in a field of its own; nothing when it is none. */
export function clockForm(values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  return CLOCKS.find(([form, looks]) => form !== "" && values.every((it) => looks.test(it)))?.[0];
}

function formOf(values: readonly string[], date: string, looks: RegExp): TimeForm | undefined {
  const rests = values.map((it) => {
    const found = looks.exec(it);
    return found === null ? undefined : it.slice(found[0].length);
  });
  if (rests.includes(undefined)) return undefined;
  const between = /^[ T]+/.exec(rests[0] ?? "")?.[0] ?? "";
  const clocks = rests.map((it) => (it ?? "").slice(between.length));
  const clock = CLOCKS.find(([, fits]) => clocks.every((it) => fits.test(it)))?.[0];
  if (clock === undefined || rests.some((it) => !it?.startsWith(between))) return undefined;
  const joint = between === "T" ? "'T'" : between;
  return { format: `${date}${joint}${clock}`, hasClock: clock !== "" };
}
