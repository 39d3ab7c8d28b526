import { expect } from "chai";
import { isPublicAddress } from "../../bridge/proofs/public_address.ts";

describe("addresses of the public internet", () => {
  for (const address of ["93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00::1"]) {
    it(`are such as ${address}`, () => expect(isPublicAddress(address)).to.equal(true));
  }

  const others = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "203.0.113.5", "224.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
    "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "2606:4700::1111%1", "localhost", "0x7f.1", "2130706433", "",
  ]; // prettier-ignore
  for (const address of others) {
    it(`are none such as ${address}`, () => expect(isPublicAddress(address)).to.equal(false));
  }
});
