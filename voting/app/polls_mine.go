package app

import (
	"context"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// ListMyPolls is the input of Polls.ListMine. Zero values match everything.
type ListMyPolls struct {
	ScopeType authz.ScopeType
	ScopeID   string // needs ScopeType
	Phase     domain.Phase
	Query     string
	Sort      ports.PollSort // default: what waits for the caller's vote first
	Page      page.Request
}

// Validate checks what needs no lookup.
func (in ListMyPolls) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || domain.ScopeTypes.Has(in.ScopeType), "scope_type", domain.ScopeTypes.NotAllowed())
	fields.Check(in.ScopeID == "" || in.ScopeType != "", "scope_type", why.Required.Saying("is needed with scope_id"))
	fields.Check(in.Phase == "" || in.Phase.Valid(), "phase", why.NotAllowed("must be draft, scheduled, open or closed"))
	fields.Check(in.Sort == "" || in.Sort == ports.SortToDo || in.Sort == ports.SortDeadline || in.Sort == ports.SortNewest, "sort", why.NotAllowed("must be todo, deadline or newest"))
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	return fields.Err()
}

// MyPoll is a poll with the caller's standing in it.
type MyPoll struct {
	PollView
	Standing domain.Standing
}

// MyPolls is a page of the polls that the caller sees, and how many there are.
type MyPolls struct {
	page.Page[MyPoll]
	Counts ports.PhaseCounts
}

// ListMine returns the polls that the caller sees, with the caller's standing in each. However many polls there are, it
// makes one call to access and five queries.
func (s *Polls) ListMine(ctx context.Context, by authz.Actor, in ListMyPolls) (MyPolls, error) {
	if err := in.Validate(); err != nil {
		return MyPolls{}, err
	}
	if in.Sort == "" {
		in.Sort = ports.SortToDo
	}
	var after ports.ViewedPosition
	list := "my polls by " + string(in.Sort)
	found, err := page.Decode(list, in.Page.Cursor, &after.Rank, &after.Key, &after.ID)
	if err != nil {
		return MyPolls{}, err
	}
	filter, viewer, err := s.requireViewer(ctx, by, ports.PollFilter{ScopeType: in.ScopeType, Query: in.Query}, in.ScopeID,
		domain.PermissionVoteCast, domain.PermissionResultsRead)
	if err != nil {
		return MyPolls{}, err
	}
	query := ports.ViewedPolls{Filter: filter, Phase: in.Phase, Sort: in.Sort, Now: s.Clock.Now()}
	if found {
		query.After = &after
	}
	viewed, err := page.Fetch(in.Page.Limit, func(limit int) ([]ports.ViewedPoll, error) {
		query.Limit = limit
		return s.Polls.ListViewed(ctx, query, viewer)
	}, func(last ports.ViewedPoll) string {
		return page.Encode(list, last.Position.Rank, last.Position.Key, last.Position.ID)
	})
	if err != nil {
		return MyPolls{}, err
	}
	mine := MyPolls{}
	if mine.Counts, err = s.Polls.CountViewed(ctx, filter, query.Now, viewer); err != nil {
		return MyPolls{}, err
	}
	polls, ids := make([]domain.Poll, len(viewed.Items)), make([]uuid.UUID, len(viewed.Items))
	for i, item := range viewed.Items {
		polls[i], ids[i] = item.Poll, item.Poll.ID()
	}
	totals, err := s.Ballots.Totals(ctx, polls...)
	if err != nil {
		return MyPolls{}, err
	}
	progress, err := s.Ballots.Progress(ctx, by.User, ids...)
	if err != nil {
		return MyPolls{}, err
	}
	mine.Page = page.Map(viewed, func(v ports.ViewedPoll) MyPoll {
		id := v.Poll.ID()
		return MyPoll{
			PollView: PollView{Poll: v.Poll, Votes: totals[id], Phase: v.Poll.Phase(query.Now)},
			Standing: domain.StandingOf(viewer, v.Poll, v.Role, progress[id], query.Now),
		}
	})
	return mine, nil
}
