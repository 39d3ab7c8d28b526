/**
 * One shipment that hangs Odoo for ever, with the limits as they are by default: how long the facts
 * of other connections wait meanwhile. Odoo is a stand-in that never answers a call with that
 * shipment; all connections share one lane, which is the worst case.
 */
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { type BenchResult, percentile, rounded } from "./result.ts";

const SECONDS = 60;
const EVERY_MS = 250;
const OTHERS = ["globex", "initech"];
const LONGEST_S = 10;

export async function run(log: (line: string) => void, seconds = SECONDS): Promise<BenchResult> {
  const odoo = await new FakeOdoo().start();
  odoo.connections = ["acme", ...OTHERS];
  const sent = new Map<string, number>();
  const waits: number[] = [];
  let hung = 0;
  odoo.intercept = ({ method, args }) => {
    const text = JSON.stringify(args);
    if (method !== "ingest") return undefined;
    if (text.includes('"hangs"')) {
      hung++;
      return { reply: "hang" };
    }
    for (const [trip, at] of sent) {
      if (!text.includes(`"${trip}"`)) continue;
      waits.push((performance.now() - at) / 1000);
      sent.delete(trip);
    }
    return undefined;
  };
  const limits = { lanes: 1, call_seconds: 120 };
  const bridge = await TestBridge.start({ odooUrl: odoo.url, others: OTHERS, odoo: limits });
  await bridge.post(tinyMessage(5, { trip: "hangs" }));
  log(`${seconds} s of messages of other connections, beside a shipment that hangs Odoo`);
  const until = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < until; n++) {
    const message = tinyMessage(1, { trip: `other-${n}` });
    sent.set(message.trip, performance.now());
    await bridge.post(message, {}, OTHERS[n % OTHERS.length]);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const patience = performance.now() + LONGEST_S * 2000;
  while (sent.size > 0 && performance.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const lost = sent.size;
  await bridge.stop();
  await odoo.stop();
  return {
    bench: "hang",
    ratios: {},
    figures: {
      messages: waits.length,
      hung_calls: hung,
      never_came: lost,
      longest_delay_s: rounded(Math.max(...waits)),
      delay_p95_s: rounded(percentile(waits, 0.95)),
    },
  };
}

export function missed({ figures }: BenchResult): string[] {
  const { never_came = 0, longest_delay_s = 0, hung_calls = 0 } = figures;
  return [
    ...(never_came > 0 ? [`${never_came} messages of other connections did not come`] : []),
    ...(hung_calls === 0 ? ["no call hung"] : []),
    ...(longest_delay_s > LONGEST_S ? [`others waited up to ${longest_delay_s} s`] : []),
  ];
}
