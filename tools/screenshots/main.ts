/**
 * `npm run screenshots [-- NAME…]`: the pictures of the documents, from a real Odoo with a story
 * of tools/story in it. It is always early afternoon in them.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "../browser/chromium.ts";
import { logIn } from "../browser/session.ts";
import { ensureOdoo } from "../odoo/odoo.ts";
import { progress } from "../odoo/progress.ts";
import { tellBilling } from "../story/billing.ts";
import { afternoonZone, DAY, setStage, tell } from "../story/day.ts";
import { callerOf } from "../story/rpc.ts";
import { SCENES, type Scene } from "./scenes.ts";

const FOLDER = join(import.meta.dirname, "../../docs/images");

const log = progress();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SCENES.some((scene) => scene.name === name));
if (unknown.length > 0) {
  console.error(`No such picture: ${unknown.join(", ")}. There are:`);
  for (const { name } of SCENES) console.error(`  ${name}`);
  process.exit(64);
}

const odoo = await ensureOdoo(log);
const browser = await launchChromium(log);

/** Takes the pictures of one story, in a database of its own. */
async function picture(story: Scene["story"], scenes: readonly Scene[]): Promise<void> {
  const database = await odoo.createDatabase();
  try {
    const now = new Date();
    const zone = afternoonZone(now);
    log(`telling the story of the ${story}`);
    const stage = await setStage(callerOf(database), now, zone);
    const shipments = story === "day" ? await tell(stage, DAY) : await tellBilling(stage, database);
    for (const scene of scenes) {
      const context = await browser.newContext({ ...scene.screen, timezoneId: zone });
      context.setDefaultNavigationTimeout(120_000);
      await logIn(context, database, scene.login);
      const page = await context.newPage();
      await page.goto(database.url + scene.path, { waitUntil: "commit" });
      await scene.play(page, shipments);
      // Fonts and pictures are there, and nothing moves any more.
      await page.waitForLoadState("networkidle");
      await page.locator(".o_loading_indicator").waitFor({ state: "hidden" });
      await page.screenshot({ path: join(FOLDER, `${scene.name}.png`), animations: "disabled" });
      await context.close();
      log(`docs/images/${scene.name}.png`);
    }
  } finally {
    await database.drop();
  }
}

try {
  mkdirSync(FOLDER, { recursive: true });
  const chosen = SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const story of new Set(chosen.map((scene) => scene.story))) {
    await picture(
      story,
      chosen.filter((scene) => scene.story === story),
    );
  }
} finally {
  await browser.close();
}
