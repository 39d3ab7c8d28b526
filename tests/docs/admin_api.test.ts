import { expect } from "chai";
import { readFileSync } from "node:fs";
import { openApi } from "../../bridge/admin/openapi.ts";

describe("the page of the admin port", () => {
  it("names every request that there is, and no other", () => {
    const page = readFileSync(new URL("../../docs/admin_api.md", import.meta.url), "utf8");
    const named = [...page.matchAll(/^\| `(GET|POST) (\/\S*)` \|/gm)].map(([, method, path]) =>
      [method, path].join(" "),
    );
    const { paths } = openApi() as { paths: Record<string, Record<string, unknown>> };
    const described = Object.entries(paths)
      .filter(([path]) => !path.startsWith("/webhooks"))
      .flatMap(([path, operations]) =>
        Object.keys(operations)
          .filter((it) => it === "get" || it === "post")
          .map((it) => `${it.toUpperCase()} ${path}`),
      );
    expect(named).to.have.members(described);
  });
});
