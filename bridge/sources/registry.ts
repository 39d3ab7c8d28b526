/** The sources that this bridge speaks, by the name that configurations use. */
import type { Source } from "./source.ts";

const SOURCES: readonly Source[] = [];

export const sources: ReadonlyMap<string, Source> = new Map(SOURCES.map((it) => [it.id, it]));
