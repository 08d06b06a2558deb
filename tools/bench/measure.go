package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.updspace.com/tools/bench/cpu"
	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/bench/load"
	"go.updspace.com/tools/bench/stats"
)

// subject is one thing that can be measured, a row or a baseline.
type subject struct {
	name   string
	addr   string
	meter  cpu.Meter
	status int // of every answer
	// prepare makes the requests of one run.
	prepare func(ctx context.Context) (requests, error)
}

// requests are those of one run. max, when set, is how many there are.
type requests struct {
	next load.Maker
	max  int
}

// sample is what one run of a subject gave.
type sample struct {
	cpu       float64 // microseconds per request, of all processes of the subject
	servers   float64 // of it in PostgreSQL and Redis
	perSecond float64
	p50, p99  float64 // milliseconds
}

type key struct {
	subject     string
	connections int
}

type bench struct {
	settings
	harness *harness.Harness
	samples map[key][]sample
	watches []watch
	visits  map[string][]visits // by page
	// revocations are how long changes took until they were seen everywhere.
	revocations []time.Duration
}

// all measures everything in turn, round by round.
func (b *bench) all(ctx context.Context, p plan) error {
	for _, connections := range b.connections {
		for round := range b.runs {
			note("%d connections, round %d of %d", connections, round+1, b.runs)
			for _, s := range p.subjects {
				got, err := b.once(ctx, s, connections)
				if err != nil {
					return fmt.Errorf("%s at %d connections: %w", s.name, connections, err)
				}
				k := key{s.name, connections}
				b.samples[k] = append(b.samples[k], got)
			}
		}
	}
	return errors.Join(b.watchAll(ctx, p), b.revokeAll(ctx, p))
}

func (b *bench) revokeAll(ctx context.Context, p plan) error {
	if p.revoke == nil {
		return nil
	}
	for round := range b.runs {
		note("watching %s, round %d of %d", p.revoke.name, round+1, b.runs)
		seen, err := b.revokeOnce(ctx, *p.revoke)
		if err != nil {
			return fmt.Errorf("%s: %w", p.revoke.name, err)
		}
		b.revocations = append(b.revocations, seen...)
	}
	return nil
}

func (b *bench) watchAll(ctx context.Context, p plan) error {
	if p.watch == nil {
		return nil
	}
	for round := range b.runs {
		note("watching %s, round %d of %d", p.watch.watched.name, round+1, b.runs)
		got, err := b.watchOnce(ctx, *p.watch)
		if err != nil {
			return fmt.Errorf("%s beside %s: %w", p.watch.watched.name, p.watch.beside.name, err)
		}
		b.watches = append(b.watches, got)
	}
	return nil
}

func (b *bench) once(ctx context.Context, s *subject, connections int) (sample, error) {
	q, err := s.prepare(ctx)
	if err != nil {
		return sample{}, err
	}
	client, err := load.Dial(ctx, s.addr, connections)
	if err != nil {
		return sample{}, err
	}
	defer client.Close()
	warmup := load.Options{Duration: b.warmup, Status: s.status, Max: q.max / 5}
	if _, err := client.Run(ctx, warmup, q.next); err != nil {
		return sample{}, err
	}
	before, err := settled(ctx, s.meter)
	if err != nil {
		return sample{}, err
	}
	measured := load.Options{Duration: b.time, Status: s.status, Max: q.max - q.max/5}
	r, err := client.Run(ctx, measured, q.next)
	if err != nil {
		return sample{}, err
	}
	after, err := settled(ctx, s.meter)
	if err != nil {
		return sample{}, err
	}
	used := after.Since(before)
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(r.Requests) }
	return sample{
		cpu: each(used.Total()), servers: each(used["postgres"] + used["redis-server"]),
		perSecond: r.PerSecond(),
		p50:       milliseconds(stats.Percentile(r.Latencies, 50)), p99: milliseconds(stats.Percentile(r.Latencies, 99)),
	}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

const (
	settleStep  = 50 * time.Millisecond
	settleQuiet = 10 * time.Millisecond // of processor time in a step: one tick, or what an idle platform uses
	settleMost  = 2 * time.Second
)

// settled waits until the processes have nothing left to do and tells what they have used. Answers come before all the work
// is done: events are published and garbage collected afterwards, and that is part of a request's price too.
func settled(ctx context.Context, m cpu.Meter) (cpu.Usage, error) {
	tick := time.NewTicker(settleStep)
	defer tick.Stop()
	last, err := m.Used()
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(settleMost); time.Now().Before(deadline); {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
		used, err := m.Used()
		if err != nil {
			return nil, err
		}
		if used.Since(last).Total() <= settleQuiet {
			return used, nil
		}
		last = used
	}
	return last, nil
}

// watch is how one endpoint answers a patient client, alone and beside a load on another.
type watch struct {
	quiet, loaded watchSample
	megabytes     float64 // that the load added to the platform
}

type watchSample struct{ p50, p99 float64 } // milliseconds

const (
	watchEvery       = 4 * time.Millisecond
	watchConnections = 16          // of the load beside a change of rights
	attempts         = 200         // to sign in at once
	attemptEvery     = time.Second // the least time between two of a connection, also of those that are refused as too many
)

// errWatched ends the load when what stood beside it has been seen.
var errWatched = errors.New("watched long enough")

func (b *bench) watchOnce(ctx context.Context, w watchPlan) (watch, error) {
	quiet, err := b.watched(ctx, w.watched)
	if err != nil {
		return watch{}, err
	}
	before, err := cpu.Resident(b.harness.PlatformPid)
	if err != nil {
		return watch{}, err
	}
	client, err := load.Dial(ctx, w.beside.addr, attempts)
	if err != nil {
		return watch{}, err
	}
	defer client.Close()
	q, err := w.beside.prepare(ctx)
	if err != nil {
		return watch{}, err
	}
	loading, stop := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() {
		_, err := client.Run(loading, load.Options{Duration: 10 * b.time, Every: attemptEvery, Status: w.beside.status, Busy: true}, q.next)
		done <- err
	}()
	loaded, err := b.watched(ctx, w.watched)
	after, residentErr := cpu.Resident(b.harness.PlatformPid)
	stop(errWatched)
	if loadErr := <-done; loadErr != nil && !errors.Is(loadErr, errWatched) {
		return watch{}, loadErr
	}
	return watch{quiet, loaded, float64(after-before) / (1 << 20)}, errors.Join(err, residentErr)
}

// watched asks now and then, on one connection.
func (b *bench) watched(ctx context.Context, s *subject) (watchSample, error) {
	q, err := s.prepare(ctx)
	if err != nil {
		return watchSample{}, err
	}
	client, err := load.Dial(ctx, s.addr, 1)
	if err != nil {
		return watchSample{}, err
	}
	defer client.Close()
	if _, err := client.Run(ctx, load.Options{Duration: b.warmup, Every: watchEvery, Status: s.status}, q.next); err != nil {
		return watchSample{}, err
	}
	r, err := client.Run(ctx, load.Options{Duration: b.time, Every: watchEvery, Status: s.status}, q.next)
	if err != nil {
		return watchSample{}, err
	}
	return watchSample{milliseconds(stats.Percentile(r.Latencies, 50)), milliseconds(stats.Percentile(r.Latencies, 99))}, nil
}
