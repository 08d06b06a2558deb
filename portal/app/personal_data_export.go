package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// MaxExport is how many things a page of an export has at most: few enough for posts of any length.
const MaxExport = 100

// DataExport is one page of what there is of a person.
type DataExport struct {
	At                   time.Time
	Profile              *domain.Profile // on the first page, if there is one
	CommunitiesCreated   []domain.Group
	TeamsCreated         []domain.Group
	CommunityMemberships []domain.Membership
	TeamMemberships      []domain.Membership
	Posts                []domain.Post
	Next                 string
}

// Export hands out a page of what there is of a person.
func (s *PersonalData) Export(ctx context.Context, by domain.Actor, of DataSubject, paging Paging) (DataExport, error) {
	if err := of.allow(by); err != nil {
		return DataExport{}, err
	}
	key, err := parseExportKey(of.User, paging.Cursor)
	if err != nil {
		return DataExport{}, err
	}
	export := DataExport{At: domain.Instant(s.clock.Now())}
	if key == (exportKey{}) {
		if err := s.begin(ctx, by, of.User, &export); err != nil {
			return DataExport{}, err
		}
	}
	left := min(max(paging.Limit, 1), MaxExport)
	for ; key.list < exportLists; key = (exportKey{list: key.list + 1}) {
		taken, err := s.take(ctx, of.User, key, left, &export)
		if err != nil {
			return DataExport{}, err
		}
		if taken.more {
			export.Next = exportKey{key.list, taken.last}.cursor(of.User)
			break
		}
		left -= taken.n
	}
	return export, nil
}

// begin is what only the first page does.
func (s *PersonalData) begin(ctx context.Context, by domain.Actor, user uuid.UUID, export *DataExport) error {
	profile, err := s.profiles.Find(ctx, user)
	switch {
	case err == nil:
		export.Profile = &profile
	case !errors.Is(err, domain.ErrProfileNotFound):
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error {
		return s.journal.Write(ctx, domain.NewDataEntry(by.User, user, "exported", nil, export.At))
	})
}

// The lists of an export, in the order in which the pages go through them.
const (
	listCommunities = iota
	listTeams
	listCommunityMemberships
	listTeamMemberships
	listPosts
	exportLists
)

// take reads on in one of the lists.
func (s *PersonalData) take(ctx context.Context, user uuid.UUID, key exportKey, left int, export *DataExport) (taken, error) {
	groups := func(into *[]domain.Group, kind domain.ScopeType) (taken, error) {
		return takeInto(into, key.after, left, domain.Group.ID, func(limit int) ([]domain.Group, error) {
			return s.traces.Groups(ctx, user, kind, key.after, limit)
		})
	}
	memberships := func(into *[]domain.Membership, kind domain.ScopeType) (taken, error) {
		group := func(m domain.Membership) uuid.UUID { return m.Data().Scope.ID }
		return takeInto(into, key.after, left, group, func(limit int) ([]domain.Membership, error) {
			return s.traces.Memberships(ctx, user, kind, key.after, limit)
		})
	}
	switch key.list {
	case listCommunities:
		return groups(&export.CommunitiesCreated, domain.ScopeCommunity)
	case listTeams:
		return groups(&export.TeamsCreated, domain.ScopeTeam)
	case listCommunityMemberships:
		return memberships(&export.CommunityMemberships, domain.ScopeCommunity)
	case listTeamMemberships:
		return memberships(&export.TeamMemberships, domain.ScopeTeam)
	}
	return takeInto(&export.Posts, key.after, left, domain.Post.ID, func(limit int) ([]domain.Post, error) {
		return s.traces.Posts(ctx, user, key.after, limit)
	})
}

// taken is how much a page took of a list, where it stopped, and whether there is more.
type taken struct {
	n    int
	last uuid.UUID
	more bool
}

// takeInto reads one thing more than there is room for, were it none, to know whether another page follows.
func takeInto[T any](into *[]T, after uuid.UUID, left int, id func(T) uuid.UUID, read func(limit int) ([]T, error)) (taken, error) {
	found, err := read(left + 1)
	if err != nil {
		return taken{}, err
	}
	t := taken{last: after, more: len(found) > left}
	if t.more {
		found = found[:left]
	}
	if t.n = len(found); t.n > 0 {
		t.last = id(found[t.n-1])
	}
	*into = found
	return t, nil
}

// exportKey is a place in an export: a list, and the last thing of it that was handed out.
type exportKey struct {
	list  int
	after uuid.UUID
}

// cursor names the person, so that nobody goes on in the export of one with the cursor of another.
func (k exportKey) cursor(of uuid.UUID) string {
	return encodeCursor(of, strconv.Itoa(k.list)+":"+k.after.String())
}

func parseExportKey(of uuid.UUID, cursor string) (exportKey, error) {
	id, rest, err := decodeCursor(cursor)
	if err != nil || id == uuid.Nil {
		return exportKey{}, err
	}
	list, after, _ := strings.Cut(rest, ":")
	n, notANumber := strconv.Atoi(list)
	last, notAnID := uuid.Parse(after)
	if id != of || notANumber != nil || notAnID != nil || n < 0 || n >= exportLists {
		return exportKey{}, errCursor()
	}
	return exportKey{list: n, after: last}, nil
}
