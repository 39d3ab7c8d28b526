import { expect } from "chai";
import type { Connection } from "../../bridge/connection.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { faultOf } from "../../bridge/intake/webhook_message.ts";

describe("what the door says of a message", () => {
  it("is what is wrong with it, unless it is so long that others would wait for the check", () => {
    const source = {
      check: () => {
        throw new MilepostError("no", { code: "bad_entity", retry: "never", path: "/3" });
      },
    };
    const said = (bytes: number) => {
      const message = {
        body: Buffer.alloc(bytes),
        contentType: "application/json",
        receivedAt: new Date(0),
        attributes: {},
      };
      return faultOf({ source, settings: {} } as unknown as Connection, message);
    };
    expect(said(1000)).to.deep.equal({ code: "bad_entity", detail: "no", path: "/3" });
    expect(said(900_000)).to.equal(undefined);
  });
});
