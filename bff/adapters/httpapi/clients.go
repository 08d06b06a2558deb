package httpapi

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// clients tells requesters apart by their address.
type clients struct {
	trusted []netip.Prefix // proxies of ours in front
}

func parsePrefixes(cidrs []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(cidrs))
	for _, cidr := range cidrs {
		p, err := netip.ParsePrefix(strings.TrimSpace(cidr))
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %w", err)
		}
		prefixes = append(prefixes, p.Masked())
	}
	return prefixes, nil
}

// address is the key under which a client is counted: the peer, or, when that
// is a proxy of ours, the last address in X-Forwarded-For that is not. An IPv6
// client counts by its /64, of which it has all addresses.
func (c clients) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	if c.isTrusted(addr) {
		addr = c.forwarded(r.Header["X-Forwarded-For"], addr)
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// forwarded walks from the nearest hop outwards: what lies beyond the first
// address that is not ours was written by the client.
func (c clients) forwarded(lines []string, nearest netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(lines, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return nearest
		}
		nearest = addr.Unmap()
		if !c.isTrusted(nearest) {
			return nearest
		}
	}
	return nearest
}

func (c clients) isTrusted(addr netip.Addr) bool {
	for _, p := range c.trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
