import { expect } from "chai";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosen, proxyVariables } from "../../tools/odoo/debian_archive.ts";

/** A line of `apt-get indextargets`. */
const line = (uri: string, codename: string, suite: string, label = "Debian", component = "main") =>
  ["Debian", label, component, codename, suite, uri].join("\t");

describe("the archive that a Debian root directory is built from", () => {
  it("is the one of the machine's own apt, whichever suite that uses", () => {
    const lines = [
      line(
        "http://apt.company.example/security/",
        "bookworm-security",
        "stable",
        "Debian-Security",
      ),
      line("http://apt.company.example/debian/", "bookworm", "oldstable"),
    ];
    const uri = "http://apt.company.example/debian";
    expect(chosen(lines.join("\n"))).to.deep.equal({ stable: uri, unstable: uri });
  });

  it("is that of the suite itself where apt is configured with it", () => {
    const lines = [
      line("http://one.example/debian/", "bookworm", "oldstable"),
      line("http://two.example/debian/", "trixie", "stable"),
      line("http://three.example/debian/", "sid", "unstable", "Debian", "contrib"),
      line("http://three.example/debian/", "sid", "unstable"),
    ];
    expect(chosen(lines.join("\n"))).to.deep.equal({
      stable: "http://two.example/debian",
      unstable: "http://three.example/debian",
    });
  });

  it("is the first of a list that apt chooses from", () => {
    const folder = mkdtempSync(join(tmpdir(), "mirrors-"));
    const list = join(folder, "debian.list");
    writeFileSync(list, "# ours\nhttps://one.example/debian/\tpriority:1\nhttps://two.example/\n");
    try {
      expect(chosen(line(`mirror+file://${list}/`, "trixie", "stable"))?.stable).to.equal(
        "https://one.example/debian",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is none where apt knows other distributions alone", () => {
    const ubuntu = ["Ubuntu", "Ubuntu", "main", "noble", "noble", "http://apt.example/ubuntu/"];
    expect(chosen(ubuntu.join("\t"))).to.equal(null);
    expect(chosen("")).to.equal(null);
  });

  it("is reached through the proxies that apt uses", () => {
    const settings = 'Acquire::http::Proxy "http://proxy.example:3142";\nAcquire::https::Proxy "";';
    expect(proxyVariables(settings)).to.deep.equal({ http_proxy: "http://proxy.example:3142" });
  });

  it("is named nowhere in the code", () => {
    const naming = globSync("{bridge,tools,tests,web,deploy,.ci}/**/*", { withFileTypes: true })
      .filter((file) => file.isFile() && !file.parentPath.includes("fixtures"))
      .map((file) => join(file.parentPath, file.name))
      .filter((file) =>
        /https?:\/\/[\w.-]*\b(?:debian\.org|ubuntu\.com)\b/.test(readFileSync(file, "utf8")),
      );
    expect(naming).to.deep.equal([]);
  });
});
