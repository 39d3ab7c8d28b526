/**
 * What a partner's messages usually look like: in which share of them each field is, and which share
 * of what they say has each code. Counted by message, so that a long one weighs no more than another.
 */

/** Messages of one kind and what is in them: fields by presence, codes by their share of a message. */
export interface Group {
  messages: number;
  items: Record<string, number>;
}

/**
 * By group: `field 214` are fields of an X12 or EDIFACT message type, `field milestone` those of a
 * document that gave milestones, `code milestone` the codes in it. A field of a proof is not missed
 * in a week without proofs.
 */
export type Profile = Record<string, Group>;

/** The partner's own codes that one message used, by what they are codes of, with repetitions. */
export interface Said {
  fields: readonly string[];
  codes: ReadonlyArray<{ of: string; code: string }>;
}

/** A partner with more different fields and codes than that has ids for names of fields. */
const MAX_ITEMS = 3000;

/** What is rarer than that is not kept: long gone, or an id that stands where names should. */
const RARE = 0.005;

/** Notes one message. */
export function note(profile: Profile, { fields, codes }: Said): void {
  const kinds = [...new Set(codes.map(({ of }) => of))].toSorted().join(" ");
  const present = new Map<string, Set<string>>();
  for (const path of fields) {
    const [head = ""] = path.split("/", 1);
    put(present, `field ${head === "" ? kinds || "-" : head}`, path);
  }
  for (const [name, paths] of present) {
    count(profile, name, new Map([...paths].map((path) => [path, 1])));
  }
  for (const kind of new Set(codes.map(({ of }) => of))) {
    const own = codes.filter(({ of }) => of === kind);
    const shares = new Map<string, number>();
    for (const { code } of own) shares.set(code, (shares.get(code) ?? 0) + 1 / own.length);
    count(profile, `code ${kind}`, shares);
  }
}

function put(sets: Map<string, Set<string>>, name: string, value: string): void {
  const known = sets.get(name);
  if (known === undefined) sets.set(name, new Set([value]));
  else known.add(value);
}

function count(profile: Profile, name: string, weights: ReadonlyMap<string, number>): void {
  const group = (profile[name] ??= { messages: 0, items: {} });
  group.messages += 1;
  let size = Object.keys(group.items).length;
  for (const [item, weight] of weights) {
    if (!Object.hasOwn(group.items, item)) {
      if (size >= MAX_ITEMS) continue;
      size += 1;
    }
    group.items[item] = (group.items[item] ?? 0) + weight;
  }
}

/**
 * The base with a window more. Beyond `most` messages of a group older ones weigh less, so that it
 * follows slow changes.
 */
export function merged(base: Profile, window: Profile, most: number): Profile {
  const result: Profile = {};
  for (const name of new Set([...Object.keys(base), ...Object.keys(window)])) {
    const [old, fresh] = [base[name], window[name]];
    const sum = (old?.messages ?? 0) + (fresh?.messages ?? 0);
    const room = Math.max(0, most - (fresh?.messages ?? 0));
    const fading = sum > most && old !== undefined ? Math.min(1, room / old.messages) : 1;
    result[name] = joined(old, fresh, fading);
  }
  return result;
}

function joined(old: Group | undefined, fresh: Group | undefined, fading: number): Group {
  const items: Record<string, number> = {};
  for (const [item, weight] of Object.entries(old?.items ?? {})) items[item] = weight * fading;
  for (const [item, weight] of Object.entries(fresh?.items ?? {})) {
    items[item] = (items[item] ?? 0) + weight;
  }
  const messages = (old?.messages ?? 0) * fading + (fresh?.messages ?? 0);
  const kept = Object.entries(items).filter(([, weight]) => weight >= RARE * messages);
  return { messages, items: Object.fromEntries(kept) };
}
