/**
 * The container recipe and its compose file: there is no engine here that could build them, so what
 * they name is looked for, and what refers to something must find it.
 */
import { expect } from "chai";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkConfig } from "../../bridge/config.ts";
import { sources } from "../../bridge/sources/registry.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = join(ROOT, "deploy/container");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** One line each, without comments: [instruction, the rest]. */
const instructions = read("deploy/container/Containerfile")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"))
  .map((line) => {
    const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return [name, rest] as const;
  });
const of = (wanted: string) => instructions.filter(([name]) => name === wanted).map(([, it]) => it);

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  depends_on?: string[] | Record<string, object>;
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  volumes?: string[];
  read_only?: boolean;
  tmpfs?: string[];
}
const text = read("deploy/container/compose.yaml");
const compose = parse(text, { uniqueKeys: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, object>;
};
const services = Object.entries(compose.services);

describe("the container recipe", () => {
  it("has only instructions that there are, in an order that builds", () => {
    const known = "FROM RUN WORKDIR COPY USER VOLUME EXPOSE HEALTHCHECK STOPSIGNAL CMD".split(" ");
    expect(instructions.filter(([name]) => !known.includes(name))).to.deep.equal([]);
    expect(instructions[0]?.[0]).to.equal("FROM");
    for (const form of [...of("CMD"), ...of("VOLUME")]) expect(JSON.parse(form)).to.be.an("array");
    for (const stage of of("COPY").flatMap((it) => /--from=(\S+)/.exec(it)?.[1] ?? [])) {
      expect(
        of("FROM").some((it) => it.endsWith(` AS ${stage}`)),
        stage,
      ).to.equal(true);
    }
  });

  it("copies what is there and is sent to the build", () => {
    const ignored = read(".dockerignore").trim().split("\n");
    const copied = of("COPY").filter((it) => !it.includes("--from="));
    const paths = copied.flatMap((it) => it.split(/\s+/).slice(0, -1));
    expect(paths).to.include.members(["package-lock.json", "bridge", "deploy", "docs"]);
    for (const path of paths) {
      expect(existsSync(join(ROOT, path)), path).to.equal(true);
      expect(ignored.includes(path.split("/")[0] ?? ""), path).to.equal(false);
    }
    for (const it of copied.filter((line) => line.endsWith("/usr/bin/milepost"))) {
      expect(statSync(join(ROOT, it.split(/\s+/)[0]!)).mode & 0o111, it).to.be.greaterThan(0);
    }
  });

  it("runs as nobody's root, with the ports of the configuration", () => {
    expect(of("USER")).to.deep.equal(["milepost"]);
    const { intake, admin, data_dir, backup } = configuration();
    expect(of("EXPOSE")).to.deep.equal([String(intake.port)]);
    expect(of("HEALTHCHECK")[0]).to.include(`http://127.0.0.1:${admin.port}/livez`);
    expect(JSON.parse(of("VOLUME")[0]!)).to.deep.equal([data_dir, backup.dir]);
  });
});

describe("the compose file", () => {
  it("starts images, or builds from files that are there", () => {
    for (const [name, { image, build }] of services) {
      expect([image, build].filter(Boolean), name).to.have.length(1);
      if (build === undefined) continue;
      const file = join(FOLDER, build.context, build.dockerfile);
      expect(file).to.equal(join(FOLDER, "Containerfile"));
    }
  });

  it("names services, secrets and volumes that it declares, and all of them", () => {
    const names = services.map(([name]) => name);
    const waited = services.flatMap(([, { depends_on = [] }]) =>
      Array.isArray(depends_on) ? depends_on : Object.keys(depends_on),
    );
    expect(names).to.include.members(waited);
    const secrets = services.flatMap(([, it]) => it.secrets ?? []);
    expect(new Set(secrets)).to.deep.equal(new Set(Object.keys(compose.secrets)));
    const mounts = services.flatMap(([, it]) => it.volumes ?? []).map((it) => it.split(":")[0]!);
    const named = mounts.filter((it) => !it.startsWith("."));
    expect(new Set(named)).to.deep.equal(new Set(Object.keys(compose.volumes)));
    for (const place of mounts.filter((it) => it.startsWith("."))) {
      const isMade = text.includes("and config.yaml (") && place === "./config.yaml";
      expect(isMade || existsSync(join(FOLDER, place)), place).to.equal(true);
    }
  });

  it("reads each secret where its service gets it", () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      for (const value of Object.values(environment)) {
        const [, secret] = /^\/run\/secrets\/(\w+)$/.exec(value) ?? [];
        if (secret !== undefined) expect(secrets, name).to.include(secret);
      }
    }
  });

  it("opens nothing to the network by itself, and gives the bridge only what it writes", () => {
    for (const port of services.flatMap(([, it]) => it.ports ?? [])) {
      expect(port).to.match(/^127\.0\.0\.1:\d+:\d+$/);
    }
    const bridge = compose.services["bridge"]!;
    expect([bridge.read_only, bridge.tmpfs]).to.deep.equal([true, ["/tmp"]]);
    const written = bridge
      .volumes!.filter((it) => !it.endsWith(":ro"))
      .map((it) => it.split(":")[1]);
    expect(written).to.deep.equal(JSON.parse(of("VOLUME")[0]!));
  });
});

/** The configuration that the head of the compose file asks for. */
function configuration() {
  const secret = (name: string) => ({ file: `/run/secrets/${name}` });
  const tree = {
    environment: "container",
    data_dir: "/var/lib/milepost",
    intake: { host: "0.0.0.0" },
    admin: { token: secret("admin_token") },
    backup: { key: secret("backup_key") },
    odoo: { url: "http://odoo:8069", database: "odoo", api_key: secret("odoo_api_key") },
  };
  return checkConfig(tree, {}, sources, [], "when used");
}
