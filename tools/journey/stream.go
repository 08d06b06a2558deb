package journey

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// StreamEvent is a server-sent event (HTML standard, 9.2).
type StreamEvent struct {
	Name string
	Data map[string]any
}

// Stream is an open connection of a page on which a server tells of events.
type Stream struct {
	events chan StreamEvent // closed at the end
	end    context.CancelFunc
}

// Listen opens a stream, which the caller must close.
func (b *Browser) Listen(ctx context.Context, address string) (*Stream, error) {
	ctx, end := context.WithCancel(ctx)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.resolve(address).String(), nil)
	if err != nil {
		end()
		return nil, err
	}
	r.Header.Set("Accept", "text/event-stream")
	b.log.sent(r, nil)
	lasting := *b.client
	lasting.Timeout = 0            // a stream has no end of its own
	response, err := lasting.Do(r) //nolint:bodyclose // by the goroutine below
	if err != nil {
		end()
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer end()
		return nil, errors.Join(fmt.Errorf("%s answered %d and no stream", address, response.StatusCode), response.Body.Close())
	}
	s := &Stream{events: make(chan StreamEvent, 100), end: end}
	go func() {
		defer close(s.events)
		defer response.Body.Close()
		s.read(ctx, bufio.NewScanner(response.Body))
	}()
	return s, nil
}

// read passes on the events of a stream until it ends.
func (s *Stream) read(ctx context.Context, lines *bufio.Scanner) {
	var e StreamEvent
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			e.Name = value
		case "data":
			_ = json.Unmarshal([]byte(value), &e.Data) // what is no object is told without data
		case "":
			select {
			case s.events <- e:
			case <-ctx.Done():
				return
			}
			e = StreamEvent{}
		}
	}
}

// Next waits for an event, and lets go of those before it.
func (s *Stream) Next(ctx context.Context, wanted func(StreamEvent) bool) (StreamEvent, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case e, open := <-s.events:
			if !open {
				return e, errors.New("the stream has ended")
			}
			if wanted(e) {
				return e, nil
			}
		case <-ctx.Done():
			return StreamEvent{}, fmt.Errorf("the open page was not told for %s", patience)
		}
	}
}

// Close ends the connection.
func (s *Stream) Close() { s.end() }
