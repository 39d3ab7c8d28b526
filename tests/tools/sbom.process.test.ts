import { expect } from "chai";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

interface Component {
  name: string;
  version: string;
  purl: string;
  hashes?: unknown[];
}

describe("the bill of materials", function () {
  this.timeout(120_000);

  it("names every package of the lock file that is installed for production, and no other", async () => {
    const text = await new Promise<string>((resolve, reject) =>
      execFile(
        process.execPath,
        [join(root, "tools/sbom/main.ts")],
        { maxBuffer: 50_000_000 },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      ),
    );
    const sbom = JSON.parse(text) as {
      bomFormat: string;
      metadata: { component: { name: string } };
      components: Component[];
    };
    expect(sbom.bomFormat).to.equal("CycloneDX");
    expect(sbom.metadata.component.name).to.equal("milepost");
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version: string; dev?: true; devOptional?: true }>;
    };
    const wanted = Object.entries(lock.packages).flatMap(([path, it]) =>
      path === "" || it.dev ? [] : [`${path.split("node_modules/").at(-1) ?? ""}@${it.version}`],
    );
    const named = sbom.components.map((it) => `${it.name}@${it.version}`);
    expect(new Set(named)).to.deep.equal(new Set(wanted));
    for (const { name, purl, hashes } of sbom.components) {
      expect(purl, name).to.match(/^pkg:npm\//);
      expect(hashes, name).to.have.length.greaterThan(0);
    }
  });
});
