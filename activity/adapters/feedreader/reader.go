// Package feedreader asks for feeds (RSS, Atom, JSON Feed) over HTTP.
package feedreader

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/connectors/ports"
	"go.updspace.com/libs/egress"
)

// Bounds of a feed.
const (
	// MaxBody is how many bytes are read.
	MaxBody    = 1 << 20
	maxEntries = 100 // the first ones count
	maxHeader  = 256 // of a validator, in bytes
)

// Reader implements connectors/ports.Reader.
type Reader struct{ client *egress.Client }

var _ ports.Reader = (*Reader)(nil)

// New returns a reader. The client bounds what is read.
func New(client *egress.Client) *Reader { return &Reader{client} }

// Check tells why an address cannot be asked.
func (r *Reader) Check(address string) error { return r.client.Check(address) }

// Read asks for a feed. The parser never asks for anything itself.
func (r *Reader) Read(ctx context.Context, address string, known domain.Validator) (ports.Fetched, string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return ports.Fetched{}, egress.Reason(egress.ErrURL)
	}
	request.Header.Set("User-Agent", "UpdSpace-Feeds/1")
	request.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1")
	if known.ETag != "" {
		request.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		request.Header.Set("If-Modified-Since", known.LastModified)
	}
	answer, err := r.client.Do(request)
	switch {
	case err != nil:
		return ports.Fetched{}, egress.Reason(err)
	case answer.Status == http.StatusNotModified:
		return ports.Fetched{Unchanged: true}, ""
	case answer.Status != http.StatusOK:
		return ports.Fetched{}, "status_" + strconv.Itoa(answer.Status)
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(answer.Body))
	if err != nil {
		return ports.Fetched{}, "not_a_feed"
	}
	fetched := ports.Fetched{Validator: domain.Validator{ETag: header(answer, "ETag"), LastModified: header(answer, "Last-Modified")}}
	base := site(feed, address)
	for _, item := range feed.Items[:min(len(feed.Items), maxEntries)] {
		if entry, ok := entryOf(item, base); ok {
			if pointsTo(entry.Link, address) {
				entry.Link = ""
			}
			fetched.Entries = append(fetched.Entries, entry)
		}
	}
	return fetched, ""
}

// site is what relative links of a feed begin at: the site that it names, or else its host. Its own address is not: that may hold a token, which no reader
// of an entry is to see.
func site(feed *gofeed.Feed, address string) *url.URL {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	base = base.ResolveReference(&url.URL{Path: "/"})
	named, err := url.Parse(feed.Link)
	if err != nil || pointsTo(feed.Link, address) {
		return base
	}
	return base.ResolveReference(named)
}

// pointsTo tells whether a link leads to the address of a feed, whatever part of it.
func pointsTo(link, address string) bool {
	link, _, _ = strings.Cut(link, "#")
	address, _, _ = strings.Cut(address, "#")
	return link == address
}

func header(answer egress.Response, name string) string {
	value := answer.Header.Get(name)
	if len(value) > maxHeader {
		return ""
	}
	return value
}

// entryOf reads an entry. One without an id is named by its link, and one without both is none: it could not be told from another.
func entryOf(item *gofeed.Item, base *url.URL) (domain.Entry, bool) {
	entry := domain.Entry{ID: item.GUID, Title: plain(item.Title), Text: plain(item.Description), Link: item.Link}
	if link, err := url.Parse(item.Link); err == nil && base != nil && item.Link != "" {
		entry.Link = base.ResolveReference(link).String()
	}
	if entry.ID == "" {
		entry.ID = entry.Link
	}
	for _, at := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if at != nil && entry.OccurredAt.IsZero() && at.Year() > 1 && at.Year() < 10000 {
			entry.OccurredAt = at.UTC().Truncate(time.Microsecond)
		}
	}
	return entry, entry.ID != "" && entry.Title != ""
}

var tags = regexp.MustCompile(`<[^>]{0,1000}>`)

// maxMarkup is how much of a text is looked at.
const maxMarkup = 16 << 10

// plain is the text of markup, on one line. What is left of it is shown as text and never as markup.
func plain(markup string) string {
	if len(markup) > maxMarkup {
		markup = strings.ToValidUTF8(markup[:maxMarkup], "")
	}
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(markup, " "))), " ")
}
