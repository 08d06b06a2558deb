package httpx

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// NoProxies in the place of the proxies' networks says that there are none.
const NoProxies = "none"

// unknownProxyReport is the time between two reports of a proxy that the settings do not list.
const unknownProxyReport = time.Minute

// ClientAddresses tells clients apart by their network address, for rate limits and the audit log.
type ClientAddresses struct {
	trusted  []netip.Prefix
	log      *slog.Logger
	reported atomic.Int64 // when an unknown proxy was last reported, in Unix seconds
}

// NewClientAddresses trusts the X-Forwarded-For header of proxies in the given networks, which the setting TRUSTED_PROXIES
// lists. Proxies that it probably lacks are reported to log, unless log is nil.
func NewClientAddresses(proxies []string, log *slog.Logger) (*ClientAddresses, error) {
	c := &ClientAddresses{log: log}
	for _, cidr := range proxies {
		if strings.TrimSpace(cidr) == NoProxies {
			continue
		}
		network, err := netip.ParsePrefix(strings.TrimSpace(cidr))
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %w", err)
		}
		c.trusted = append(c.trusted, network.Masked())
	}
	return c, nil
}

// Of returns the address that a client counts by: the peer, or, when that is a trusted proxy, the last address in
// X-Forwarded-For that is not one, because the client itself wrote what lies before it. An IPv6 client counts by its /64
// network, of which it has all addresses.
func (c *ClientAddresses) Of(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	if forwarded := r.Header["X-Forwarded-For"]; len(forwarded) > 0 {
		if !c.isTrusted(addr) {
			c.report(r, addr)
		}
		hops := strings.Split(strings.Join(forwarded, ","), ",")
		for i := len(hops) - 1; i >= 0 && c.isTrusted(addr); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
	}
	if addr.Is6() {
		if network, err := addr.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

// report logs a peer that is probably a proxy of ours and not in the settings: all its clients count as one address.
func (c *ClientAddresses) report(r *http.Request, peer netip.Addr) {
	if c.log == nil || !peer.IsPrivate() && !peer.IsLoopback() {
		return
	}
	now, last := time.Now().Unix(), c.reported.Load()
	if now-last >= int64(unknownProxyReport.Seconds()) && c.reported.CompareAndSwap(last, now) {
		c.log.ErrorContext(r.Context(), "requests come through a proxy that TRUSTED_PROXIES does not list: all its clients are limited as one", "proxy", peer)
	}
}

func (c *ClientAddresses) isTrusted(addr netip.Addr) bool {
	for _, network := range c.trusted {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
