/** A bridge in a process of its own, to be killed: configuration as JSON in argv, urls on stdout. */
import { checkConfig } from "../../bridge/config.ts";
import { startBridge } from "../../bridge/main.ts";
import { sources as allSources } from "../../bridge/sources/registry.ts";
import { testSources } from "./test_source.ts";

const tree: unknown = JSON.parse(process.argv[2] ?? "{}");
const sources = new Map([...allSources, ...testSources]);
const bridge = await startBridge(checkConfig(tree, {}, sources), { sources });
console.log(JSON.stringify(bridge.urls));
process.once("SIGTERM", () => void bridge.stop().then(() => process.exit(0)));
