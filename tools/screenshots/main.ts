/**
 * `npm run screenshots [-- NAME…]`: the pictures of the documents, from a real Odoo with the story
 * of tools/story in it. It is always early afternoon in them.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "../browser/chromium.ts";
import { logIn } from "../browser/session.ts";
import { ensureOdoo } from "../odoo/odoo.ts";
import { progress } from "../odoo/progress.ts";
import { afternoonZone, DAY, setStage, tell } from "../story/day.ts";
import { callerOf } from "../story/rpc.ts";
import { SCENES } from "./scenes.ts";

const FOLDER = join(import.meta.dirname, "../../docs/images");

const log = progress();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SCENES.some((scene) => scene.name === name));
if (unknown.length > 0) {
  console.error(`No such picture: ${unknown.join(", ")}. There are:`);
  for (const { name } of SCENES) console.error(`  ${name}`);
  process.exit(64);
}

const odoo = await (await ensureOdoo(log)).createDatabase();
const browser = await launchChromium(log);
try {
  const now = new Date();
  const zone = afternoonZone(now);
  log("telling the day's story");
  const shipments = await tell(await setStage(callerOf(odoo), now, zone), DAY);
  mkdirSync(FOLDER, { recursive: true });
  for (const scene of SCENES) {
    if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
    const context = await browser.newContext({ ...scene.screen, timezoneId: zone });
    context.setDefaultNavigationTimeout(120_000);
    await logIn(context, odoo, scene.login);
    const page = await context.newPage();
    await page.goto(odoo.url + scene.path, { waitUntil: "commit" });
    await scene.play(page, shipments);
    // Fonts and pictures are there, and nothing moves any more.
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(FOLDER, `${scene.name}.png`), animations: "disabled" });
    await context.close();
    log(`docs/images/${scene.name}.png`);
  }
} finally {
  await browser.close();
  await odoo.drop();
}
