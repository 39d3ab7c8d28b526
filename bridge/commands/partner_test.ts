/** `milepost partner test`: kept samples still give the facts that a person looked at. */
import type { Command } from "commander";
import { MilepostError } from "../errors.ts";
import { judge, type Judged, keep } from "../partners/expectation.ts";
import { mappingLabel } from "../partners/partner.ts";
import { readSamples } from "../partners/samples.ts";
import { type CommandKit, table } from "./command_kit.ts";
import { resolvePartner } from "./partner_file.ts";
import { shortName, whatAndWhen } from "./partner_text.ts";

export function addPartnerTest(partner: Command, kit: CommandKit): void {
  partner
    .command("test")
    .description("read kept samples and compare with the facts expected of them, beside each")
    .argument("<partner>", "file, name, or name@version in use before")
    .argument("<samples>", "file or folder")
    .option("--write", "write down what comes out now, for you to look at")
    .action(async (name: string, path: string, { write }: { write?: true }) => {
      const mapping = await resolvePartner(kit, name);
      const samples = readSamples(path, new Date());
      if (write === true) {
        const files: string[] = [];
        for (const sample of samples) files.push(await keep(sample, mapping));
        return kit.print({ mapping: mappingLabel(mapping.mapping), written: files }, () =>
          [`wrote ${files.length} files: look at them, then keep them`, ...files].join("\n"),
        );
      }
      const judged: Judged[] = [];
      for (const sample of samples) judged.push(await judge(sample, mapping));
      kit.print({ mapping: mappingLabel(mapping.mapping), samples: judged }, (it) =>
        [it.mapping, ...it.samples.map(judgedText)].join("\n"),
      );
      if (judged.every((it) => it.status === "passed")) return;
      throw new MilepostError("Samples do not give what is expected of them", {
        code: "partner_test",
        retry: "never",
        hint: "mend the mapping; or, where the new facts are right, run it with --write",
      });
    });
}

function judgedText({ sample, status, facts, changes, remarks }: Judged): string {
  const rows = changes.map(({ kind, path, before, after, members = [] }) => {
    const fact = after ?? before;
    const said = fact === undefined ? "" : whatAndWhen(fact).join(" ");
    const what = { added: "not expected", removed: "missing", changed: members.join(", ") }[kind];
    return [what, path || "/", said];
  });
  const head = `${status.padEnd(6)}  ${shortName(sample)}: ${facts} facts`;
  return [
    status === "new" ? `${head}, nothing is expected yet: --write` : head,
    ...(rows.length === 0 ? [] : [table(["", "path", "fact"], rows)]),
    ...remarks,
  ].join("\n");
}
