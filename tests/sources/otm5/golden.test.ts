import { expect } from "chai";
import { MilepostError } from "../../../bridge/errors.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import { describeGolden } from "../golden.ts";

describe("Open Trip Model 5", () => {
  describeGolden(otm5Source, { zone: "Europe/Amsterdam" });

  it("refuses at the door what is no OTM at all", () => {
    const message = {
      body: Buffer.from('{"greeting": "hello"}'),
      contentType: "application/json",
      receivedAt: new Date(),
      attributes: {},
    };
    const settings = otm5Source.settings.parse({ zone: "Europe/Amsterdam" });
    expect(() => otm5Source.check(message, settings))
      .to.throw(MilepostError)
      .that.includes({ code: "not_otm5", retry: "never" });
  });
});
