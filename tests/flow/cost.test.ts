/** What the addons add to people's work, in queries; `npm run bench -- cost` measures the time, too. */
import { expect } from "chai";
import { figuresOf, GOALS, measureCost } from "../bench/cost.ts";

describe("queries that the addons add to an order's way and to a partner", function () {
  this.timeout(600_000);
  let added: Record<string, number>;

  before(async () => {
    added = figuresOf(await measureCost(() => {}, 3, 0));
  });

  it("are next to none in each step of what is not managed", () => {
    expect(added["not_managed_queries"]).to.be.at.most(GOALS.not_managed_queries);
  });

  it("are bounded in each step of what is managed", () => {
    expect(added["managed_queries"]).to.be.at.most(GOALS.managed_queries);
  });

  it("are next to none for each further line", () => {
    expect(added["managed_queries_per_line"]).to.be.at.most(GOALS.managed_queries_per_line);
  });
});
