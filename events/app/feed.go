package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// The bounds of a calendar that programs read.
const (
	feedBack      = -1 // months
	feedAhead     = 12 // months
	maxFeedEvents = 1_000
	maxFeedDates  = 5_000
	// feedPeriod is how long a calendar counts as unchanged while nothing was changed in it: rights may have changed, and time goes on.
	feedPeriod = time.Hour
)

// Feed is the calendar of an address, before it is read.
type Feed struct {
	Address  domain.CalendarAddress
	Tag      string    // is another when the calendar may be another
	Modified time.Time // the same as a time
}

// Open finds the calendar of a secret with one statement, and asks nothing else: who has read the calendar with this tag knows what it
// says.
func (s *Calendars) Open(ctx context.Context, token domain.CalendarToken) (Feed, error) {
	switch rc := reqctx.From(ctx); {
	case rc.UserID != uuid.Nil:
		return Feed{}, errs.Forbiddenf("A calendar is read by its secret alone.")
	case rc.TenantID == uuid.Nil:
		return Feed{}, domain.ErrCalendarNotFound
	}
	opened, err := s.Deps.Calendars.Open(ctx, token)
	if err != nil {
		return Feed{}, err
	}
	now := s.Clock.Now()
	period := now.Truncate(feedPeriod)
	feed := Feed{Address: opened.Address, Modified: period}
	for _, at := range []time.Time{opened.ChangedAt, opened.AnsweredAt, opened.Address.RenewedAt} {
		if at.After(feed.Modified) {
			feed.Modified = at
		}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %d %d", opened.Address.ID, opened.Version, opened.AnsweredAt.UnixMicro(), opened.Address.RenewedAt.UnixMicro(), period.Unix()))
	feed.Tag = hex.EncodeToString(sum[:16])
	if day := now.Truncate(24 * time.Hour); opened.Address.LastUsedOn.Before(day) { // once a day
		err = s.Tx.Do(ctx, func(ctx context.Context) error { return s.Deps.Calendars.Use(ctx, opened.Address.ID, day) })
	}
	return feed, err
}

// FeedContent is what a calendar has.
type FeedContent struct {
	Address   domain.CalendarAddress
	Calendars []Calendar
	Answers   map[uuid.UUID]domain.Answer // of the owner, by date
	Truncated bool                        // there is more
}

// Read returns a calendar, decided now for its owner as an ordinary member. A member who may read nothing there has an empty one.
func (s *Calendars) Read(ctx context.Context, feed Feed) (FeedContent, error) {
	rc := reqctx.From(ctx)
	rc.UserID, rc.Flags = feed.Address.UserID, reqctx.Flags{MembershipStatus: "active"} // Open has found an active member
	ctx = reqctx.With(ctx, rc)
	now := s.Clock.Now()
	filter := ports.Filter{From: now.AddDate(0, feedBack, 0), To: now.AddDate(0, feedAhead, 0)}
	content := FeedContent{Address: feed.Address}
	var err error
	switch feed.Address.Content {
	case domain.ContentAnswered:
		err = s.readAnswered(ctx, rc.Actor(), filter, &content)
	case domain.ContentGroup:
		filter.ScopeType = feed.Address.Scope.Type
		err = s.readVisible(ctx, rc.Actor(), filter, feed.Address.Scope.ID.String(), &content)
	default:
		err = s.readVisible(ctx, rc.Actor(), filter, "", &content)
	}
	if errs.KindOf(err) == errs.Forbidden {
		return FeedContent{Address: feed.Address}, nil
	}
	return content, err
}

// readAnswered fills a calendar with the dates that its owner goes to or is interested in.
func (s *Calendars) readAnswered(ctx context.Context, owner authz.Actor, filter ports.Filter, content *FeedContent) error {
	filter.AnsweredBy = owner.User
	events := Events{s.Deps}
	for _, answer := range []domain.AnswerStatus{domain.AnswerGoing, domain.AnswerInterested} {
		filter.Answered = answer
		filter, viewer, err := events.requireViewer(ctx, owner, filter, "")
		if err != nil {
			return err
		}
		dated, err := s.Events.Page(ctx, filter, viewer, ports.Range{Limit: maxFeedEvents + 1})
		if err != nil {
			return err
		}
		for _, d := range dated {
			if d.Event.Data().Status != domain.StatusDraft {
				content.Calendars = append(content.Calendars, Calendar{Event: d.Event, Occurrences: []domain.Occurrence{d.Occurrence}})
			}
		}
	}
	slices.SortStableFunc(content.Calendars, func(a, b Calendar) int {
		return a.Occurrences[0].Data().Starts.Compare(b.Occurrences[0].Data().Starts)
	})
	if content.Truncated = len(content.Calendars) > maxFeedEvents; content.Truncated {
		content.Calendars = content.Calendars[:maxFeedEvents]
	}
	return s.withOwn(ctx, owner, content)
}

// readVisible fills a calendar with the events that its owner sees.
func (s *Calendars) readVisible(ctx context.Context, owner authz.Actor, filter ports.Filter, scopeID string, content *FeedContent) error {
	events := Events{s.Deps}
	filter, viewer, err := events.requireViewer(ctx, owner, filter, scopeID)
	if err != nil {
		return err
	}
	list, err := s.Events.ListForCalendar(ctx, filter, viewer, maxFeedEvents+1)
	if err != nil {
		return err
	}
	if content.Truncated = len(list) > maxFeedEvents; content.Truncated {
		list = list[:maxFeedEvents]
	}
	var singles, series []uuid.UUID
	for _, event := range list {
		if event.Data().Schedule.Recurs() {
			series = append(series, event.ID())
		} else {
			singles = append(singles, event.ID())
		}
	}
	dates, err := s.Occurrences.ListForCalendar(ctx, singles, series, owner.User, filter, maxFeedDates+1)
	if err != nil {
		return err
	}
	if len(dates) > maxFeedDates { // the events from the one of the last date on are incomplete
		content.Truncated = true
		last := dates[maxFeedDates].Data().EventID
		list = slices.DeleteFunc(list, func(e domain.Event) bool { id := e.ID(); return slices.Compare(id[:], last[:]) >= 0 })
	}
	of := map[uuid.UUID][]domain.Occurrence{}
	for _, o := range dates {
		of[o.Data().EventID] = append(of[o.Data().EventID], o)
	}
	for _, event := range list {
		content.Calendars = append(content.Calendars, Calendar{Event: event, Series: event.Data().Schedule.Recurs(), Occurrences: of[event.ID()]})
	}
	return s.withOwn(ctx, owner, content)
}

// withOwn adds the owner's answers.
func (s *Calendars) withOwn(ctx context.Context, owner authz.Actor, content *FeedContent) (err error) {
	var ids []uuid.UUID
	for _, c := range content.Calendars {
		for _, o := range c.Occurrences {
			ids = append(ids, o.ID())
		}
	}
	content.Answers, err = s.Answers.OfUser(ctx, owner.User, ids...)
	return err
}
