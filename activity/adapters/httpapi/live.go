package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// LiveTimes are the times of streams.
type LiveTimes struct {
	Heartbeat time.Duration // between signs of life
	Life      time.Duration // after which a stream ends and its reader comes back, which shows the rights of its session anew
	Gather    time.Duration // for which events about the same items are gathered
	Recount   time.Duration // between two counts of the unread items
}

// DefaultLiveTimes are those of contracts with clients: they know heartbeats of ten seconds, and streams of five minutes.
func DefaultLiveTimes() LiveTimes {
	return LiveTimes{Heartbeat: 10 * time.Second, Life: 5 * time.Minute, Gather: 100 * time.Millisecond, Recount: 5 * time.Second}
}

// live serves the section "live".
type live struct {
	app   *app.Live
	times LiveTimes
}

func (s live) StreamFeed(ctx context.Context, r activityapi.StreamFeedRequestObject) (activityapi.StreamFeedResponseObject, error) {
	stream, missed, err := s.app.Open(ctx, app.OpenLive{Types: names(wire.Value(r.Params.Types)), Since: wire.Value(r.Params.LastEventID)})
	if err != nil {
		return nil, err
	}
	unread, err := s.app.Unread(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		s.app.Close(stream)
		return nil, err
	}
	return &openStream{ctx: ctx, live: s, stream: stream, by: reqctx.From(ctx).Actor(), missed: missed, unread: unread}, nil
}

// openStream is the answer: it lasts as long as its reader stays, but no longer than LiveTimes.Life.
type openStream struct {
	ctx     context.Context
	live    live
	stream  *app.Stream
	by      authz.Actor
	missed  bool
	unread  app.Unread
	counted time.Time // when the unread items were counted last
	again   bool      // they have to be counted again

	w    http.ResponseWriter
	out  bytes.Buffer
	fail error
}

// VisitStreamFeedResponse writes events until the stream ends. It never ends with the event "close": former clients would not come back.
func (o *openStream) VisitStreamFeedResponse(w http.ResponseWriter) error {
	defer o.live.app.Close(o.stream)
	o.w = w
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	o.out.WriteString("retry: " + strconv.Itoa(1000+rand.IntN(2000)) + "\n") //nolint:gosec // so that readers do not all come back at once
	first := o.stream.Take()
	o.write(first.At, "ready", ready{o.missed || first.Missed, o.now()})
	o.notices(first)
	o.count(first.At)
	times := o.live.times
	life := time.NewTimer(times.Life - time.Duration(rand.Int64N(int64(times.Life)/10+1))) //nolint:gosec // so that readers do not all come back at once
	defer life.Stop()
	heartbeat := time.NewTicker(times.Heartbeat)
	defer heartbeat.Stop()
	recount := time.NewTimer(times.Recount)
	defer recount.Stop()
	for o.flush() {
		select {
		case <-o.ctx.Done():
			return nil
		case <-o.stream.Ended():
			return nil
		case <-life.C:
			return nil
		case <-heartbeat.C:
			report := o.stream.Take()
			o.tell(report)
			o.write(report.At, "heartbeat", stamp{o.now()})
		case <-o.stream.Wake():
			if !o.gather() {
				return nil
			}
			o.tell(o.stream.Take())
		case <-recount.C:
		}
		if o.again && time.Since(o.counted) >= times.Recount {
			if err := o.recount(); errs.KindOf(err) == errs.Forbidden { // the feed is not the reader's any longer
				return nil
			}
		}
		if o.again {
			recount.Reset(times.Recount)
		}
	}
	return nil
}

// gather waits for more events about the same items, and reports whether the stream goes on.
func (o *openStream) gather() bool {
	pause := time.NewTimer(o.live.times.Gather)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-o.ctx.Done():
	case <-o.stream.Ended():
	}
	return false
}

// tell writes what is new.
func (o *openStream) tell(report app.Report) {
	if report.Missed {
		o.write(report.At, "ready", ready{true, o.now()})
	}
	if report.Inbox {
		o.write(domain.Position{}, "notifications", stamp{o.now()})
	}
	o.notices(report)
}

func (o *openStream) notices(report app.Report) {
	o.again = o.again || report.Count
	counted := false
	for _, n := range report.Notices {
		o.notice(n)
		counted = o.unread.Add(n) || counted
	}
	if counted {
		o.count(report.At)
	}
}

func (o *openStream) notice(n app.Notice) {
	id, isNews := strings.CutPrefix(n.SourceRef, "news:")
	isNews = isNews && n.Type == domain.NewsPosted
	changed := append([]string{}, n.Fields...)
	switch {
	case n.Gone:
		o.write(n.At, "item-delete", itemGone{n.SourceRef, string(n.Type), o.now()})
		if isNews {
			o.write(n.At, "news-delete", newsGone{id, o.now()})
		}
	default:
		o.write(n.At, "item-upsert", itemShown{n.SourceRef, string(n.Type), n.OccurredAt, n.New, n.Own, changed, o.now()})
		if isNews {
			o.write(n.At, "news-upsert", newsShown{id, changed, o.now()})
		}
	}
}

// recount counts the unread items again.
func (o *openStream) recount() error {
	unread, err := o.live.app.Unread(o.ctx, o.by)
	o.counted = time.Now()
	if err != nil {
		return err // and again later
	}
	o.again = false
	if unread.Count != o.unread.Count {
		o.unread = unread
		o.count(domain.Position{})
	}
	o.unread = unread
	return nil
}

func (o *openStream) count(at domain.Position) { o.write(at, "unread", count{o.unread.Count, o.now()}) }

// now is a time as data of events have it.
func (o *openStream) now() time.Time { return o.live.app.Now().UTC() }

type (
	stamp struct {
		Timestamp time.Time `json:"timestamp"`
	}
	ready struct {
		Missed    bool      `json:"missed"`
		Timestamp time.Time `json:"timestamp"`
	}
	count struct {
		Count     int       `json:"count"`
		Timestamp time.Time `json:"timestamp"`
	}
	itemShown struct {
		SourceRef  string    `json:"source_ref"`
		Type       string    `json:"type"`
		OccurredAt time.Time `json:"occurred_at"`
		IsNew      bool      `json:"is_new"`
		Own        bool      `json:"own"`
		Changed    []string  `json:"changed"`
		Timestamp  time.Time `json:"timestamp"`
	}
	itemGone struct {
		SourceRef string    `json:"source_ref"`
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
	}
	newsShown struct {
		NewsID    string    `json:"news_id"`
		Changed   []string  `json:"changed"`
		Timestamp time.Time `json:"timestamp"`
	}
	newsGone struct {
		NewsID    string    `json:"news_id"`
		Timestamp time.Time `json:"timestamp"`
	}
)

// write adds an event. An event without a position leaves the id of the one before.
func (o *openStream) write(at domain.Position, name string, data any) {
	if !at.At.IsZero() {
		o.out.WriteString("id: " + at.String() + "\n")
	}
	text, err := json.Marshal(data)
	if err != nil {
		o.fail = err
		return
	}
	o.out.WriteString("event: " + name + "\ndata: ")
	o.out.Write(text) // one line
	o.out.WriteString("\n\n")
}

// flush sends what was written, and reports whether the reader is there.
func (o *openStream) flush() bool {
	if o.fail != nil {
		return false
	}
	if o.out.Len() == 0 {
		return true
	}
	if _, err := o.w.Write(o.out.Bytes()); err != nil {
		return false
	}
	o.out.Reset()
	if o.out.Cap() > 4<<10 {
		o.out = bytes.Buffer{} // thousands of streams are idle
	}
	return http.NewResponseController(o.w).Flush() == nil
}
