/** What the addons add to people's work, in queries; `npm run bench -- cost` measures the time, too. */
import { expect } from "chai";
import { addedQueries, figuresOf, GOALS, measureCost } from "../bench/cost.ts";

describe("queries that the addons add to an order's way and to a partner", function () {
  this.timeout(600_000);
  let added: Record<string, number>;
  let figures: Record<string, number>;

  before(async () => {
    const rows = await measureCost(() => {}, 3, 0);
    added = addedQueries(rows);
    figures = figuresOf(rows);
  });

  const beyond = (what: string, most: number) =>
    Object.entries(added).filter(([step, count]) => step.startsWith(what) && count > most);

  it("are next to none in each step of what is not managed", () => {
    expect(beyond("not_managed_1x", GOALS.not_managed_queries)).to.deep.equal([]);
  });

  it("are bounded in each step of what is managed", () => {
    expect(beyond("managed_1x1 ", GOALS.managed_queries)).to.deep.equal([]);
  });

  it("are next to none for each further line", () => {
    expect(figures["managed_queries_per_line"]).to.be.at.most(GOALS.managed_queries_per_line);
  });
});
