import { expect } from "chai";
import fc from "fast-check";
import { COLUMN_KEYS } from "../../web/control_tower/board_data.ts";
import { neighbour } from "../../web/components/keys.ts";
import { merge, rowsById } from "../../web/control_tower/board_state.ts";
import { board, shipment } from "./shipments.ts";

describe("merging an answer into the board", () => {
  const before = merge([], board({ late: [shipment(1), shipment(2)] })).columns;

  it("shows the columns in the order of urgency, whatever order they come in", () => {
    const { columns } = merge([], board({ waiting: [], late: [], exception: [] }));
    expect(columns.map(({ key }) => key)).to.deep.equal([...COLUMN_KEYS]);
  });

  it("keeps the very row of a shipment that is as it was, so that its card is not drawn again", () => {
    const answer = board({ late: [shipment(1), shipment(2, { rev: 2, is_late: true })] });
    const { columns, changed } = merge(before, answer);
    expect(rowsById(columns).get(1)).to.equal(rowsById(before).get(1));
    expect(rowsById(columns).get(2)).to.not.equal(rowsById(before).get(2));
    expect(changed).to.deep.equal([2]);
  });

  it("follows a shipment into another column", () => {
    const answer = board({ delivered_today: [shipment(1, { rev: 3 })], late: [shipment(2)] });
    expect(merge(before, answer).changed).to.deep.equal([1]);
  });
});

describe("moving by arrow keys", () => {
  const columns = [[1, 2, 3], [], [4], [5, 6]];

  it("skips empty columns and keeps the height where there is a card", () => {
    expect(neighbour(columns, 3, "right")).to.equal(4);
    expect(neighbour(columns, 4, "right")).to.equal(5);
    expect(neighbour(columns, 6, "left")).to.equal(4);
  });

  it("stays at the edges", () => {
    expect(neighbour(columns, 1, "up")).to.equal(null);
    expect(neighbour(columns, 3, "down")).to.equal(null);
    expect(neighbour(columns, 1, "left")).to.equal(null);
    expect(neighbour(columns, 6, "right")).to.equal(null);
  });

  it("starts at the first card when the focused one is gone", () => {
    expect(neighbour(columns, 99, "down")).to.equal(1);
    expect(neighbour([[], []], 99, "down")).to.equal(null);
  });

  it("reaches every card from every other", () => {
    const boards = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 6 }).map((sizes) => {
      let id = 0;
      return sizes.map((size) => Array.from({ length: size }, () => ++id));
    });
    fc.assert(
      fc.property(boards, (ids) => {
        const all = ids.flat();
        const seen = new Set(all.slice(0, 1));
        for (const from of seen) {
          for (const way of ["up", "down", "left", "right"] as const) {
            const next = neighbour(ids, from, way);
            if (next !== null) seen.add(next);
          }
        }
        expect(seen.size).to.equal(all.length);
      }),
    );
  });
});
