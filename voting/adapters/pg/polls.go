package pg

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Polls is ports.Polls.
type Polls struct {
	db *pg.DB
}

// NewPolls keeps polls in db.
func NewPolls(db *pg.DB) *Polls { return &Polls{db: db} }

// Find returns a poll.
func (r *Polls) Find(ctx context.Context, id uuid.UUID) (poll domain.Poll, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var row pollRow
		if err := r.db.QueryRow(ctx, &row, selectPoll, tenant(ctx), id); err != nil {
			return orMissing(err, domain.ErrPollNotFound)
		}
		poll = row.toDomain()
		return nil
	})
	return poll, err
}

// selectPoll begins every request about a poll.
const selectPoll = `
SELECT tenant_id, id, title, description, status, scope_type, scope_id, visibility, template, allow_revoting, anonymous,
	results_visibility, settings, starts_at, ends_at, created_by, created_at, updated_at, version
FROM polls WHERE tenant_id = $1 AND id = $2`

// Lock takes the row lock that a change of the poll needs; casting a ballot takes a share of it.
func (r *Polls) Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	var row pollRow
	if err := r.db.Conn(ctx).NewSelect().Model(&row).Where("p.id = ?", id).For("UPDATE").Scan(ctx); err != nil {
		return domain.Poll{}, orMissing(err, domain.ErrPollNotFound)
	}
	return row.toDomain(), nil
}

// Add stores a new poll.
func (r *Polls) Add(ctx context.Context, poll domain.Poll) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowPoll(poll)).Value("folded", "?", folded(poll)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed poll.
func (r *Polls) Update(ctx context.Context, poll domain.Poll) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowPoll(poll)).Value("folded", "?", folded(poll)).
		ExcludeColumn("tenant_id", "id", "scope_type", "scope_id", "template", "created_by", "created_at").
		Where("id = ?", poll.ID()).Where("version < ?", poll.Version()).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errs.Internalf("voting: poll %s was changed without its lock", poll.ID())
	}
	return nil
}

// Delete removes a poll; its paper goes with it.
func (r *Polls) Delete(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*pollRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Places lists where the polls that match are.
func (r *Polls) Places(ctx context.Context, search ports.PollSearch) (places []ports.Place, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct{ AccessType, AccessID, Visibility string }
		err := r.db.Conn(ctx).NewSelect().Model((*pollRow)(nil)).Distinct().Column("access_type", "access_id", "visibility").
			Apply(matching(search)).OrderExpr("access_type, access_id, visibility").Scan(ctx, &rows)
		for _, row := range rows {
			places = append(places, ports.Place{
				Scope:      domain.Scope{Type: domain.ScopeType(row.AccessType), ID: row.AccessID},
				Visibility: domain.Visibility(row.Visibility),
			})
		}
		return pg.Error(err)
	})
	return places, err
}

// Page returns one page of what matches and the viewer sees.
func (r *Polls) Page(ctx context.Context, search ports.PollSearch, viewer ports.Viewer, limit, offset int) (polls []domain.Poll, total int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []pollRow
		count, err := r.db.Conn(ctx).NewSelect().Model(&rows).Apply(matching(search)).Apply(seenBy(viewer)).
			OrderExpr("p.created_at DESC, p.id DESC").Limit(int64(limit)).Offset(int64(offset)).ScanAndCount(ctx)
		total, polls = int(count), make([]domain.Poll, len(rows))
		for i := range rows {
			polls[i] = rows[i].toDomain()
		}
		return pg.Error(err)
	})
	return polls, total, err
}

func matching(search ports.PollSearch) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if search.ScopeType != "" {
			q = q.Where("p.scope_type = ?", search.ScopeType)
		}
		if search.ScopeID != "" {
			q = q.Where("p.scope_id = ?", search.ScopeID)
		}
		if search.Status != "" {
			q = q.Where("p.status = ?", search.Status)
		}
		if words := strings.TrimSpace(search.Words); words != "" {
			q = q.Where("p.folded LIKE ?", "%"+wildcards.Replace(strings.ToLower(words))+"%")
		}
		return q
	}
}

// folded is the text that words are looked for in. Go folds it, because what PostgreSQL takes for the same letter in
// another case depends on the locale it was set up with: under C, only ASCII.
func folded(poll domain.Poll) string {
	d := poll.Data()
	return strings.ToLower(d.Title + "\n" + d.Description)
}

// wildcards makes what a user types mean itself in a LIKE.
var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// seenBy is ports.Viewer in SQL.
func seenBy(v ports.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	const scope, place = "(p.access_type, p.access_id)", "(p.access_type, p.access_id, p.visibility)"
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q = q.Where("FALSE")
			if len(v.Manages) > 0 {
				q = q.WhereOr(scope+" IN ?", bun.Tuple(scopes(v.Manages)))
			}
			if len(v.Reads) > 0 {
				q = q.WhereOr("p.created_by = ? AND "+scope+" IN ?", v.Actor.User, bun.Tuple(scopes(v.Reads)))
			}
			if len(v.Open) > 0 {
				q = q.WhereOr("p.status <> ? AND "+place+" IN ?", domain.StatusDraft, bun.Tuple(places(v.Open)))
			}
			return q
		})
	}
}

func scopes(list []domain.Scope) [][]string {
	tuples := make([][]string, len(list))
	for i, s := range list {
		tuples[i] = []string{string(s.Type), s.ID}
	}
	return tuples
}

func places(list []ports.Place) [][]string {
	tuples := make([][]string, len(list))
	for i, p := range list {
		tuples[i] = []string{string(p.Scope.Type), p.Scope.ID, string(p.Visibility)}
	}
	return tuples
}
