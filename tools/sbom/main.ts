/**
 * `npm run sbom`: what the product is made of, as CycloneDX 1.6 JSON on stdout, from the lock file:
 * every package that a production install may have, on whichever platform. `npm sbom` of npm 11
 * leaves out packages that a development dependency needs, too.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

interface Package {
  name?: string;
  version: string;
  integrity?: string;
  license?: string;
  dev?: true;
  optional?: true;
}

interface LockFile {
  version: string;
  packages: Record<string, Package>;
}

const lock = JSON.parse(readFileSync(`${checkout}package-lock.json`, "utf8")) as LockFile;
const components = Object.entries(lock.packages)
  .filter(([path, it]) => path !== "" && it.dev !== true)
  .map(([path, it]) => component(path, it));

console.log(
  JSON.stringify(
    {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: {
        component: {
          type: "application",
          "bom-ref": "milepost",
          name: "milepost",
          version: lock.packages[""]?.version,
        },
      },
      // A package may lie at several places of the tree.
      components: [...new Map(components.map((it) => [it["bom-ref"], it])).values()],
    },
    null,
    2,
  ),
);

function component(path: string, it: Package) {
  const name = it.name ?? path.split("node_modules/").at(-1) ?? "";
  const purl = `pkg:npm/${name.replace("@", "%40")}@${it.version}`;
  const [algorithm, digest = ""] = (it.integrity ?? "").split("-");
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version: it.version,
    scope: it.optional === true ? "optional" : "required",
    purl,
    ...(algorithm === "sha512" && {
      hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
    }),
    ...(it.license !== undefined && { licenses: [{ expression: it.license }] }),
  };
}
