package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"time"

	feed "go.updspace.com/activity/domain"
)

const (
	maxTitle = 256
	maxText  = 1000
	maxPast  = 30 * 24 * time.Hour // what is older is known and not shown
	maxAhead = 5 * time.Minute
)

// Entry is one piece of news of a source, before it is an item of the feed.
type Entry struct {
	ID         string // names it in its source; the same entry twice is one item
	Type       string
	Title      string
	Text       string
	Link       string // to the other system; empty for none
	OccurredAt time.Time
}

// Hash is what is remembered of an entry, so that it does not come again. It holds nothing of the entry's content, and stays when the item
// is long gone.
func (e Entry) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(e.ID)) }

// Clean returns the entry as it is shown: texts without control characters, cut where they are too long, a link that a browser may
// open, and a time that is not ahead.
func (e Entry) Clean(now time.Time) Entry {
	e.Title, e.Text = feed.OneLine(e.Title, maxTitle), feed.OneLine(e.Text, maxText)
	if u, err := url.Parse(e.Link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(e.Link) > maxURL {
		e.Link = ""
	}
	if e.OccurredAt.IsZero() || e.OccurredAt.After(now.Add(maxAhead)) {
		e.OccurredAt = now
	}
	return e
}

// Shown tells whether an entry becomes an item. Feeds list what is years old.
func (e Entry) Shown(now time.Time) bool { return e.Title != "" && now.Sub(e.OccurredAt) <= maxPast }

// Item makes the item of an entry. It belongs where the source says, whatever the message says.
func (s Source) Item(e Entry) (feed.Item, error) {
	kind := feed.FeedEntry
	if s.data.Kind == Minecraft {
		kind = feed.GameEvent
	}
	payload := map[string]any{"source_id": s.data.ID, "source_name": s.data.Name, "source": string(s.data.Kind)}
	for field, value := range map[string]string{"kind": e.Type, "text": e.Text, "url": e.Link} {
		if value != "" {
			payload[field] = value
		}
	}
	hash := e.Hash()
	return feed.NewItem(feed.ItemData{
		TenantID: s.data.TenantID, SourceRef: "source:" + strconv.FormatInt(s.data.ID, 10) + ":" + hex.EncodeToString(hash[:]), Type: kind,
		OccurredAt: e.OccurredAt, Title: e.Title, Payload: payload, Visibility: s.data.Visibility, Scope: s.data.Scope,
	})
}
