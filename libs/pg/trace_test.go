package pg_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"go.updspace.com/tools/devkit/testkit"
)

func TestQueriesAreTraced(t *testing.T) {
	db := testkit.DB(t, polls)
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))

	addPoll(t, db, aef, "unseen") // outside of any trace
	require.Empty(t, recorder.Ended())

	ctx, root := provider.Tracer("test").Start(as(aef), "request")
	require.Error(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, insert(ctx, db, "secret"))
		return insert(ctx, db, "much longer than it may be")
	}))
	root.End()

	var names []string
	parents := map[string]string{}
	ids := map[string]string{}
	for _, span := range recorder.Ended() {
		names = append(names, span.Name())
		ids[span.SpanContext().SpanID().String()] = span.Name()
		for _, a := range span.Attributes() {
			require.NotContains(t, a.Value.String(), "secret")
		}
	}
	for _, span := range recorder.Ended() {
		parents[span.Name()] = ids[span.Parent().SpanID().String()]
	}
	require.Equal(t, []string{"INSERT polls", "INSERT polls", "transaction", "request"}, names)
	require.Equal(t, map[string]string{"INSERT polls": "transaction", "transaction": "request", "request": ""}, parents)
	require.Equal(t, codes.Error, recorder.Ended()[1].Status().Code)
}
