package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/bench/stats"
	"go.updspace.com/tools/journey"
)

const (
	rowVisible  = "activity: from a post to an open page"
	mostVisible = 500 * time.Millisecond // at the 99th percentile, from the request until the open page is told
	postsEach   = 20                     // in a round
	longestPost = longestSeen            // until the bench gives up
	opening     = time.Minute            // the same, until the page is open
)

// visible writes one post after the other in portal, and waits until the open stream of another member tells of it: it has gone through the outbox of
// portal, the broker, the feed, the outbox of activity, the broker, access and the gateway.
func (m maker) visible(ctx context.Context, posts int) (waits []time.Duration, err error) {
	sessions, err := m.sessions(ctx)
	if err != nil {
		return nil, err
	}
	writer, err := whoIs(ctx, m.fixture.member)
	if err != nil {
		return nil, err
	}
	transport := journey.Transport()
	defer transport.CloseIdleConnections()
	ctx, stop := context.WithTimeout(ctx, opening+time.Duration(posts)*longestPost)
	defer stop()
	response, err := m.openStream(ctx, &http.Client{Transport: transport}, sessions[0])
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	told := make(chan string, 1)
	go tellSources(ctx, response.Body, told)
	if err := await(ctx, told, "", opening); err != nil {
		return nil, err
	}
	for range posts {
		r, err := m.signed("bff", "portal", "/api/v1/portal/posts", writer, map[string]any{"title": "Told by the bench", "body": "b", "visibility": "public"})
		if err != nil {
			return nil, err
		}
		began := time.Now()
		body, err := send(ctx, r, m.harness.At["portal"], http.StatusCreated)
		if err != nil {
			return nil, err
		}
		var post struct{ ID uuid.UUID }
		if err := json.Unmarshal(body, &post); err != nil {
			return nil, err
		}
		if err := await(ctx, told, "post:"+post.ID.String(), longestPost); err != nil {
			return nil, err
		}
		waits = append(waits, time.Since(began))
	}
	return waits, nil
}

// tellSources passes on what each event of a stream is about: the empty text if it is about no item, as the first one.
func tellSources(ctx context.Context, stream io.Reader, told chan<- string) {
	defer close(told)
	lines := bufio.NewScanner(stream)
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		if !isData {
			continue
		}
		var event struct {
			Source string `json:"source_ref"`
		}
		if json.Unmarshal([]byte(data), &event) != nil {
			continue
		}
		select {
		case told <- event.Source:
		case <-ctx.Done():
			return
		}
	}
}

func await(ctx context.Context, told <-chan string, source string, longest time.Duration) error {
	late := time.NewTimer(longest)
	defer late.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return fmt.Errorf("the open page is not told of %q", source)
		case got, open := <-told:
			if !open {
				return errors.New("the stream has ended")
			}
			if got == source {
				return nil
			}
		}
	}
}

// reportVisible adds the row, and tells whether the target was met.
func (a *arrivals) reportVisible(t *table) bool {
	p50, p99 := stats.Percentile(a.visible, 50), stats.Percentile(a.visible, 99)
	word := "met"
	if p99 > mostVisible {
		word = "MISSED"
	}
	t.add(rowVisible, "1", "", "", "", "", "", fmt.Sprintf("%.2f", milliseconds(p50)), fmt.Sprintf("%.2f", milliseconds(p99)),
		fmt.Sprintf("%d posts", len(a.visible)), "", "", "", fmt.Sprintf("p99 <= %.0f ms", milliseconds(mostVisible)), word)
	return p99 <= mostVisible
}
