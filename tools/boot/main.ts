/**
 * `npm run test:package`: the Debian package in a Debian 12 that was booted with systemd (by
 * systemd-nspawn, which needs root): installed, configured, run, upgraded, removed, purged.
 *
 * The package is built when `dist/` has none. Debian's packages come from the archive of this
 * machine's apt.
 */
import {
  copyFileSync,
  existsSync,
  globSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { bareRoot } from "../bare/bare_root.ts";
import { ensureTool } from "../odoo/machine_tool.ts";
import { CommandError, run } from "../odoo/processes.ts";
import { progress } from "../odoo/progress.ts";

const log = progress();
const LIMIT_SECONDS = 900;
const SYSTEMD = "systemd systemd-sysv dbus ca-certificates libstdc++6";

const CONFIG = `environment: package
data_dir: /var/lib/milepost
intake: { port: 8480 }
admin: { port: 8481 }
store: { min_free_mb: 0 }
backup: { key: { credential: backup_key } }
odoo: { url: "http://127.0.0.1:1", database: none, api_key: { credential: odoo_api_key } }
connections:
  - { code: acme, source: x12, folder: { in: /srv/edi/acme/in, archive: /srv/edi/acme/archive, error: /srv/edi/acme/error, settle_seconds: 1, interval_seconds: 1 } }
  - { code: other, source: x12, folder: { in: /mnt/edi/in, archive: /mnt/edi/archive, error: /mnt/edi/error, settle_seconds: 1, interval_seconds: 1 } }
`;

const UNIT = `[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/root/try.sh
[Install]
WantedBy=multi-user.target
`;

await ensureTool("systemd-nspawn", "systemd-container", log);
if (globSync("dist/milepost_*.deb").length === 0) {
  await run("node", ["tools/runtime.cjs", "tools/package/main.ts", "deb"], { onLine: log });
}
const [deb = ""] = globSync("dist/milepost_*.deb");
const root = await bareRoot("bookworm", log);
try {
  copyFileSync(deb, join(root.path, "root/milepost.deb"));
  copyFileSync("tools/boot/try.sh", join(root.path, "root/try.sh"));
  writeFileSync(join(root.path, "root/config.yaml"), CONFIG);
  log("installing systemd and the package");
  const install = `export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; apt-get install -y -qq --no-install-recommends ${SYSTEMD}`;
  await root.sh(`${install}; chmod 755 /root/try.sh; dpkg -i /root/milepost.deb`, log);
  const units = join(root.path, "etc/systemd/system");
  writeFileSync(join(units, "milepost-try.service"), UNIT);
  symlinkSync(
    "../milepost-try.service",
    join(units, "multi-user.target.wants/milepost-try.service"),
  );
  log("booting it");
  const boot = ["systemd-nspawn", "--register=no", "--keep-unit", "--private-network"];
  // Powers off by itself; the limit is for one that does not.
  await run("timeout", [String(LIMIT_SECONDS), ...boot, "-D", root.path, "-b"]).catch(hasEnded);
  const lines = readFileSync(join(root.path, "root/result"), "utf8").trim().split("\n");
  for (const line of lines) log(line);
  const passed = lines.filter((line) => line.startsWith("ok ")).length;
  const failed = lines.filter((line) => line.startsWith("FAIL ")).length;
  const isWhole = lines.at(-1) === "done";
  console.log(`${passed} passed, ${failed + (isWhole ? 0 : 1)} failed`);
  process.exitCode = failed > 0 || !isWhole ? 1 : 0;
} finally {
  rmSync(dirname(root.path), { recursive: true, force: true });
}

/** nspawn gives the container's own exit code; what it did stands in the result. */
function hasEnded(error: unknown): void {
  if (!(error instanceof CommandError)) throw error;
  if (!existsSync(join(root.path, "root/result"))) throw error;
}
