import { expect } from "chai";
import { createMetrics } from "../../bridge/metrics.ts";
import { Json2Transport } from "../../bridge/odoo/json2.ts";
import { firstLine } from "../../bridge/odoo/transport.ts";
import { xmlSafe } from "../../bridge/odoo/xml_safe.ts";
import { XmlrpcTransport } from "../../bridge/odoo/xmlrpc.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";
import { transportContract } from "./transport_contract.ts";

transportContract("json2", (config) => new Json2Transport(config, createMetrics()));
transportContract("xmlrpc", (config) => new XmlrpcTransport(config, createMetrics()));

describe("the XML-RPC wrapper", () => {
  it("refuses an address with a path, which the library would drop", () => {
    const odoo = { transport: "xmlrpc", login: "bridge" };
    const config = testConfig({ odooUrl: "http://localhost/odoo", dataDir: "/tmp", odoo });
    expect(() => new XmlrpcTransport(config.odoo, createMetrics())).to.throw(
      "must not hold a path",
    );
  });

  it("leaves out undefined, writes dates in UTC and replaces what XML forbids", () => {
    const date = new Date("2026-11-23T08:00:00.5Z");
    const value = xmlSafe({ a: undefined, b: date, c: ["x\u0000\ud800y"], d: null, e: 1.5 });
    expect(value).to.deep.equal({
      b: "2026-11-23T08:00:00Z",
      c: ["x\ufffd\ufffdy"],
      d: null,
      e: 1.5,
    });
  });

  it("refuses numbers that it cannot carry", () => {
    for (const number of [2 ** 31, -(2 ** 31) - 1, Number.NaN, Infinity]) {
      expect(() => xmlSafe([{ number }])).to.throw("cannot carry");
    }
  });
});

describe("Odoo's message for people", () => {
  it("is its first line, or a traceback's last, cut at 300 characters", () => {
    expect(firstLine("Not allowed\nmore")).to.equal("Not allowed");
    expect(firstLine("Traceback (most recent call last):\n  File x\nValueError: no\n")).to.equal(
      "ValueError: no",
    );
    expect(firstLine("x".repeat(400))).to.have.length(301);
    expect(firstLine(undefined)).to.equal("no message");
  });
});
