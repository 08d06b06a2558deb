package pg

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// traceHook adds queries to the trace of their request, without their text: bun writes the values into it.
type traceHook struct{}

var _ bun.QueryHook = traceHook{}

func (traceHook) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx
	}
	name, attributes := e.Operation(), []attribute.KeyValue{attribute.String("db.operation.name", e.Operation())}
	if e.IQuery != nil {
		if table := e.IQuery.GetTableName(); table != "" {
			name += " " + table
			attributes = append(attributes, attribute.String("db.collection.name", table))
		}
	}
	ctx, _ = tracer(ctx).Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), client(attributes...)) //nolint:spancheck // AfterQuery ends it
	return ctx
}

// AfterQuery ends the span that BeforeQuery put into ctx.
func (traceHook) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		endSpan(span, e.Err)
	}
}

// tracer makes spans with the provider of the span in ctx.
func tracer(ctx context.Context) trace.Tracer {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer("go.updspace.com/libs/pg")
}

func client(attributes ...attribute.KeyValue) trace.SpanStartEventOption {
	return trace.WithAttributes(append(attributes, attribute.String("db.system.name", "postgresql"))...)
}

func endSpan(span trace.Span, err error) {
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		span.RecordError(err)
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
