// Package domain holds the rules of sources: the outside systems whose news come into a tenant's feed. It does no I/O and reads no
// clock.
package domain

import "slices"

// Kind is a kind of outside system.
type Kind string

// The kinds that have a connector.
const (
	Webhook   Kind = "webhook"   // any system that can send an HTTP request
	Minecraft Kind = "minecraft" // a plugin of a server
	RSS       Kind = "rss"       // RSS, Atom or JSON Feed
	Discord   Kind = "discord"   // an application whose slash commands are answered
)

// Connector says what a kind of source can do.
type Connector struct {
	Kind     Kind
	Receives bool     // messages that the other system sends
	Polls    bool     // the other system, on a schedule
	Answers  bool     // commands that people give there
	Types    []string // of messages that are usual, offered when a source is made
	MaxRate  int      // messages a minute
}

var connectors = []Connector{
	{Kind: Webhook, Receives: true, MaxRate: 60, Types: []string{"message", "release", "incident"}},
	{Kind: Minecraft, Receives: true, MaxRate: 60, Types: []string{
		"player.joined", "player.left", "player.advancement", "player.death", "server.started", "server.stopped",
	}},
	{Kind: RSS, Polls: true},
	{Kind: Discord, Answers: true, MaxRate: 60},
}

// Connectors are all connectors, in the order in which they are offered.
func Connectors() []Connector { return slices.Clone(connectors) }

// ConnectorOf returns the connector of a kind.
func ConnectorOf(kind Kind) (Connector, bool) {
	at := slices.IndexFunc(connectors, func(c Connector) bool { return c.Kind == kind })
	if at < 0 {
		return Connector{}, false
	}
	return connectors[at], true
}
