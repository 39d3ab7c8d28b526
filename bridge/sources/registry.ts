/** The sources that this bridge speaks, by the name that configurations use. */
import { aftershipSource } from "./aftership/source.ts";
import { consumerSource } from "./consumer/source.ts";
import { dcsaSource } from "./dcsa/source.ts";
import { easypostSource } from "./easypost/source.ts";
import { edifactSource } from "./edifact/source.ts";
import { fourkitesSource } from "./fourkites/source.ts";
import { karrioSource } from "./karrio/source.ts";
import { otm5Source } from "./otm5/source.ts";
import { mappedSource } from "./mapped/source.ts";
import { project44Source } from "./project44/source.ts";
import { shipengineSource } from "./shipengine/source.ts";
import { shippoSource } from "./shippo/source.ts";
import { x12Source } from "./x12/source.ts";
import type { AnySource } from "./source.ts";

const SOURCES: readonly AnySource[] = [
  aftershipSource,
  consumerSource,
  dcsaSource,
  easypostSource,
  edifactSource,
  fourkitesSource,
  karrioSource,
  otm5Source,
  mappedSource,
  project44Source,
  shipengineSource,
  shippoSource,
  x12Source,
];

export const sources: ReadonlyMap<string, AnySource> = new Map(SOURCES.map((it) => [it.id, it]));
