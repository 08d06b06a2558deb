package egress

import (
	"net/netip"
	"slices"
)

// special are the IPv4 ranges that lead to no host of the public Internet (IANA IPv4 Special-Purpose Address Registry), multicast
// and reserved addresses, and the address at which Azure serves its machines.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)

// Of IPv6 only global unicast addresses are public, less the ranges in it that are special, or that carry an IPv4 address (6to4).
var (
	globalIPv6  = netip.MustParsePrefix("2000::/3")
	specialIPv6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// Public tells whether an address is one of the public Internet.
func Public(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" {
		return false
	}
	addr = addr.Unmap()
	within := func(p netip.Prefix) bool { return p.Contains(addr) }
	if addr.Is4() {
		return !slices.ContainsFunc(special, within)
	}
	return globalIPv6.Contains(addr) && !slices.ContainsFunc(specialIPv6, within)
}
