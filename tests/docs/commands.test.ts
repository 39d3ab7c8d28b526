/** What pages tell people to type: commands and options that there are, scripts of package.json. */
import { Command } from "commander";
import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;
const PAGES = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md", { cwd: ROOT })];
/** Those that cli.ts defines itself. */
const OWN = { run: [], "dead-letter": ["list", "show", "replay"] };

/** Every way of typing a command in a page: `code`, or a line of a block. */
function typed(page: string, start: RegExp): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  const blocks = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap(([, it = ""]) =>
    it.split("\n"),
  );
  return [...spans, ...blocks].flatMap((it) => start.exec(it)?.[1] ?? []);
}

async function program(): Promise<Command> {
  const whole = new Command("milepost");
  for (const [name, parts] of Object.entries(OWN)) {
    const command = whole.command(name);
    for (const part of parts) command.command(part).allowUnknownOption();
  }
  for (const file of globSync("bridge/commands/*.ts", { cwd: ROOT })) {
    const module = (await import(join(ROOT, file))) as Record<string, unknown>;
    for (const [name, add] of Object.entries(module)) {
      if (!/^add\w+Commands?$/.test(name)) continue;
      (add as (program: Command, kit: unknown) => void)(whole, {});
    }
  }
  return whole;
}

/** What of a typed command there is not; nothing when all is there. */
function fault(whole: Command, line: string): string | undefined {
  const words = line
    .split(/\s{2,}|\s+#/)[0]!
    .split(/\s+/)
    .filter(Boolean);
  let command = whole;
  for (const word of words) {
    if (word === "--config" || word === "-c" || word === "--json") continue;
    if (word.startsWith("--")) {
      const name = word.split("=")[0]!;
      if (command.options.some((it) => it.long === name)) continue;
      return isOwn(command) ? undefined : `${line}: no option ${name}`;
    }
    // `list | show | replay` names several; what stands for an argument ends the command.
    if (command.commands.length === 0 || !/^[a-z][a-z-]*$/.test(word)) continue;
    const next = command.commands.find((it) => it.name() === word);
    if (next === undefined && command === whole && words[0] !== word) return undefined;
    if (next === undefined) return `${line}: no command ${word}`;
    command = next;
    if (words.includes("|")) return undefined;
  }
  return undefined;
}

const isOwn = (command: Command) => Object.keys(OWN).includes(command.parent?.name() ?? "");

describe("what the pages tell people to type", () => {
  it("are commands and options of the command line", async () => {
    const whole = await program();
    const lines = PAGES.flatMap((page) => typed(page, /^\s*(?:sudo )?milepost ([a-z-].*)$/));
    expect(lines.length).to.be.greaterThan(100);
    expect(lines.flatMap((line) => fault(whole, line) ?? [])).to.deep.equal([]);
  });

  it("are scripts of the package", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = PAGES.flatMap((page) => typed(page, /npm run ([a-z][a-z0-9:]*)/));
    expect(named.length).to.be.greaterThan(20);
    expect([...new Set(named)].filter((it) => scripts[it] === undefined)).to.deep.equal([]);
  });

  it("are benchmarks that there are, each of which the README names", () => {
    const main = readFileSync(join(ROOT, "tests/bench/main.ts"), "utf8");
    const known = [...main.matchAll(/^  (\w+): \(\) => import\(/gm)].map(([, name = ""]) => name);
    expect(known.length).to.be.greaterThan(5);
    const named = PAGES.flatMap((page) => typed(page, /npm run bench -- ([a-z]\w*)/));
    expect(named.filter((it) => !known.includes(it))).to.deep.equal([]);
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const [row = ""] = /^\| `npm run bench -- NAME.*$/m.exec(readme) ?? [];
    expect(known.filter((it) => !row.includes(`\`${it}\``))).to.deep.equal([]);
  });

  it("names every command somewhere", async () => {
    const whole = await program();
    const text = PAGES.map((page) => readFileSync(join(ROOT, page), "utf8")).join("\n");
    const missing = whole.commands.filter((it) => !text.includes(`milepost ${it.name()}`));
    expect(missing.map((it) => it.name())).to.deep.equal([]);
  });
});
