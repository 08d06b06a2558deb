// Package sniff finds out what a file is by looking into it, whatever its sender calls it.
package sniff

import (
	"net/http"

	"go.updspace.com/portal/ports"
)

// Sniffer is ports.Sniffer, by the rules that browsers go by.
type Sniffer struct{}

var _ ports.Sniffer = Sniffer{}

// New returns a sniffer.
func New() Sniffer { return Sniffer{} }

// ContentType tells from the first bytes of a file what it is.
func (Sniffer) ContentType(head []byte) string { return http.DetectContentType(head) }
