package app_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
)

// works stands in for the ID service, the other services and the broker.
type works struct {
	task      *domain.DataTask
	away      map[string]bool
	left      map[string]int64 // what a service still has to erase
	parts     []domain.DataPart
	names     map[string][]string
	finished  int
	forgotten []string
}

func (w *works) Claim(context.Context) (*domain.DataTask, error) {
	task := w.task
	w.task = nil
	return task, nil
}

func (w *works) Report(_ context.Context, _ uuid.UUID, p domain.DataPart) error {
	w.parts = append(w.parts, p)
	return nil
}

func (w *works) Finish(context.Context, uuid.UUID) error {
	w.finished++
	return nil
}

func (w *works) Forget(_ context.Context, texts ...string) error {
	w.forgotten = append(w.forgotten, texts...)
	return nil
}

func (*works) Services() []string { return []string{"access", "portal"} }

func (*works) Names(_ context.Context, t domain.Tenant, _ uuid.UUID) ([]string, error) {
	return []string{"Mika of " + t.Slug}, nil
}

var errServiceAway = errors.New("away")

func (w *works) Erase(_ context.Context, service string, t domain.Tenant, _ uuid.UUID, names []string) (domain.Erased, error) {
	if w.away[service] {
		return domain.Erased{}, errServiceAway
	}
	w.names[t.Slug] = names
	n := w.left[service]
	delete(w.left, service)
	return domain.Erased{Service: service, Counts: map[string]int64{"things": n}, Complete: true}, nil
}

func (w *works) Export(_ context.Context, service string, _ domain.Tenant, _ uuid.UUID, cursor string) ([]domain.DataItem, string, error) {
	if w.away[service] {
		return nil, "", errServiceAway
	}
	if cursor == "" && service == "portal" {
		return []domain.DataItem{{Section: "first"}}, "next", nil
	}
	return []domain.DataItem{{Section: "last"}}, "", nil
}

func newWorks(kind domain.DataTaskKind, attempt int, done ...domain.DataPartName) (*works, func(t *testing.T)) {
	w := &works{away: map[string]bool{}, left: map[string]int64{}, names: map[string][]string{}}
	w.task = &domain.DataTask{
		ID: uuid.New(), Kind: kind, User: uuid.New(), Attempt: attempt, Names: []string{"Mika Member"}, Done: map[domain.DataPartName]bool{},
		Tenants: []domain.Tenant{{Slug: "aef"}, {Slug: "gaming"}},
	}
	for _, d := range done {
		w.task.Done[d] = true
	}
	return w, func(t *testing.T) {
		t.Helper()
		require.NoError(t, app.NewDataWork(w, w, w, slog.New(slog.DiscardHandler)).Work(t.Context()))
	}
}

func (w *works) reported() (names []string) {
	for _, p := range w.parts {
		names = append(names, p.Tenant+" "+p.Service+" "+p.State)
	}
	return names
}

func TestAnExportAsksEveryServiceInEveryTenant(t *testing.T) {
	t.Parallel()
	w, run := newWorks(domain.TaskExport, 1, domain.DataPartName{Tenant: "aef", Service: "access"})
	run(t)
	require.Equal(t, []string{"aef portal more", "aef portal done", "gaming access done", "gaming portal more", "gaming portal done"}, w.reported())
	require.Equal(t, []int{4, 0, 1}, []int{w.parts[0].Total, w.parts[0].Page, w.parts[1].Page})
	require.Equal(t, 1, w.finished)
}

func TestAServiceThatIsAwayIsMissingAfterSomeAttempts(t *testing.T) {
	t.Parallel()
	w, run := newWorks(domain.TaskExport, 1)
	w.away["access"] = true
	run(t)
	require.Zero(t, w.finished, "it is tried again")
	require.NotContains(t, w.reported(), "aef access missing")
	w, run = newWorks(domain.TaskExport, 5)
	w.away["access"] = true
	run(t)
	require.Equal(t, 1, w.finished)
	require.Contains(t, w.reported(), "aef access missing")
	require.Contains(t, w.reported(), "gaming portal done")
}

func TestAnErasureThatIsHeldUpIsNotFinished(t *testing.T) {
	t.Parallel()
	w, run := newWorks(domain.TaskErasure, 1)
	w.away["access"] = true
	run(t)
	require.Zero(t, w.finished)
	require.Empty(t, w.parts, "portal is the last, because it knows the names")
	w, run = newWorks(domain.TaskErasure, 7)
	w.left["portal"] = 3
	run(t)
	require.Equal(t, 1, w.finished)
	require.Equal(t, []string{"Mika Member", "Mika of gaming"}, w.names["gaming"])
	require.EqualValues(t, 3, w.parts[1].Counts["things"])
	require.Equal(t, []string{"Mika Member", "Mika of aef", "Mika Member", "Mika of gaming"}, w.forgotten, "events with the names, those with the id at the end")
}

func TestASweepIsRepeatedUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	w, run := newWorks(domain.TaskSweep, 1)
	w.left["access"] = 1
	run(t)
	require.Zero(t, w.finished)
	require.Empty(t, w.forgotten)
	w, run = newWorks(domain.TaskSweep, 2)
	run(t)
	require.Equal(t, 1, w.finished)
	require.Len(t, w.forgotten, 1)
}
