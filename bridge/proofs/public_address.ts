/**
 * Whether an address is one of the public internet. What is anything else (private, shared, loopback,
 * link-local, documentation, multicast, a way to embed an IPv4 address) is no partner's.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), as of 2025.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

const SPECIAL_V4 = [
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
  "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
  "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
  "224.0.0.0/4", "240.0.0.0/4",
]; // prettier-ignore

/** Global unicast (RFC 4291, section 2.4) is 2000::/3; IPv4-mapped, NAT64, ULA and link-local lie outside. */
const GLOBAL_V6 = "2000::/3";
const SPECIAL_V6 = [
  "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
]; // prettier-ignore

function listOf(family: "ipv4" | "ipv6", ...subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", prefix] = subnet.split("/");
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}

const specialV4 = listOf("ipv4", ...SPECIAL_V4);
const globalV6 = listOf("ipv6", GLOBAL_V6);
const specialV6 = listOf("ipv6", ...SPECIAL_V6);

/** Of an address as a resolver gives it; what is no address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialV4.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return globalV6.check(address, "ipv6") && !specialV6.check(address, "ipv6");
}
