package servicefx_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

type counter struct {
	runs atomic.Int64
	fail error
}

func (c *counter) run(context.Context) error {
	c.runs.Add(1)
	return c.fail
}

func silent(http.ResponseWriter, *http.Request) {}

func TestEveryRunsAJobAtOnceAndAgain(t *testing.T) {
	c := &counter{fail: errors.New("a failure does not end it")}
	app := fxtest.New(t, servicefx.Kit("toy", kitConfig(t)), handler(silent), fx.Supply(c),
		servicefx.Every("counting", time.Millisecond, (*counter).run))
	app.RequireStart()
	require.Eventually(t, func() bool { return c.runs.Load() >= 3 }, 30*time.Second, time.Millisecond)
	app.RequireStop()
	stopped := c.runs.Load()
	require.Equal(t, stopped, c.runs.Load())
}

func TestAWokenJobRunsBeforeItsTime(t *testing.T) {
	c, wake := &counter{}, servicefx.NewWake()
	app := fxtest.New(t, servicefx.Kit("toy", kitConfig(t)), handler(silent), fx.Supply(c),
		servicefx.EveryOrWoken("counting", time.Hour, wake, (*counter).run))
	app.RequireStart()
	defer app.RequireStop()
	for runs := range int64(3) {
		require.Eventually(t, func() bool { return c.runs.Load() == runs+1 }, 30*time.Second, time.Millisecond)
		wake.Signal()
	}
	wake.Signal()
	wake.Signal() // does not block, whether or not the job has seen the one before
}

// blocked is a job that runs until it is released.
type blocked struct {
	started chan struct{}
	release chan struct{}
	now     atomic.Int64
	most    atomic.Int64
}

func (b *blocked) run(context.Context) error {
	b.most.Store(max(b.most.Load(), b.now.Add(1)))
	defer b.now.Add(-1)
	b.started <- struct{}{}
	<-b.release
	return nil
}

func TestExclusiveJobsRunOnOneInstanceAtATime(t *testing.T) {
	cfg := testkit.Postgres(t)
	b := &blocked{started: make(chan struct{}, 1000), release: make(chan struct{})}
	var apps []*fxtest.App
	for range 2 {
		app := fxtest.New(t, servicefx.Kit("toy", kitConfig(t)), servicefx.Postgres(cfg), handler(silent), fx.Supply(b),
			servicefx.EveryExclusive("blocking", time.Millisecond, (*blocked).run))
		app.RequireStart()
		apps = append(apps, app)
	}
	<-b.started
	b.release <- struct{}{}
	<-b.started
	close(b.release)
	for _, app := range apps {
		app.RequireStop()
	}
	require.EqualValues(t, 1, b.most.Load())
}

// heard is a handler that notes the tenants of events.
type heard struct{ tenants chan uuid.UUID }

func (h *heard) handler() outbox.Handler {
	return func(ctx context.Context, _ event.Event) error {
		h.tenants <- reqctx.From(ctx).TenantID
		return nil
	}
}

func TestServiceProvidesWhatAServiceStandsOn(t *testing.T) {
	h := &heard{tenants: make(chan uuid.UUID, 10)}
	cfg := servicefx.ServiceConfig{
		Config: kitConfig(t), Database: testkit.Postgres(t), Access: accessclient.Config{URL: "http://access"}, NATSURL: testkit.NATS(t),
	}
	require.NoError(t, cfg.Validate())
	var (
		db        *pg.DB
		log       *audit.Log
		publisher *outbox.Publisher
	)
	app := fxtest.New(t, servicefx.Service("voting", cfg, pg.Kit()), handler(silent), fx.Supply(h),
		servicefx.Consumer("voting-polls", []string{"voting.>"}, (*heard).handler),
		fx.Populate(&db, &log, &publisher), fx.Invoke(func(*idempotency.Store, *accessclient.Client, servicefx.SystemClock) {}))
	app.RequireStart()
	defer app.RequireStop()
	tenant := uuid.New()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		if err := log.Write(ctx, audit.Entry{Action: "old", At: time.Now().Add(-400 * 24 * time.Hour)}, audit.Entry{Action: "new"}); err != nil {
			return err
		}
		err := publisher.Publish(ctx, outbox.Event{Type: "voting.poll.renamed", Subject: "poll/1", Data: map[string]string{}})
		require.ErrorContains(t, err, "api/events/voting.yaml", "no document describes it")
		id := uuid.New()
		poll := votingevents.Poll{
			PollID: id, Title: "t", ScopeType: votingevents.PollScopeTypeTenant, ScopeID: tenant, Visibility: votingevents.PollVisibilityPublic,
			CreatedBy: uuid.New(), SourceRef: "poll:" + id.String(), Status: votingevents.PollStatusDraft,
			ResultsVisibility: votingevents.PollResultsVisibilityAlways,
		}
		return publisher.Publish(ctx, outbox.Event{Type: votingevents.TypePollCreated, Subject: poll.Subject(), Data: poll})
	}))
	require.Equal(t, tenant, <-h.tenants)

	require.NoError(t, audit.Prune(t.Context(), db, time.Now().Add(-365*24*time.Hour)))
	entries, err := log.List(ctx, audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Len(t, entries.Items, 1)
}

func TestServiceConfigNamesEverySettingThatIsWrong(t *testing.T) {
	cfg, err := config.Parse[servicefx.ServiceConfig](map[string]string{"DATABASE_URL": "postgres://x", "ACCESS_URL": "http://access"})
	require.NoError(t, err)
	require.Equal(t, 365*24*time.Hour, cfg.AuditRetention)
	cfg.Database.URL, cfg.Access.URL, cfg.AuditRetention, cfg.Mode = "", "", -1, "x"
	err = cfg.Validate()
	for _, name := range []string{"DATABASE_URL", "ACCESS_URL", "AUDIT_RETENTION", "UPDSPACE_MODE"} {
		require.ErrorContains(t, err, name)
	}
}
