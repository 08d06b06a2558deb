// Package load sends requests over a fixed number of kept connections, each carrying one request at a time, and times the
// answers. It is made to be cheap, for it shares the machine with what it measures, and to be strict: an answer that is
// not the expected one ends the run, because a quick refusal is not a quick service.
package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Maker makes the bytes of the n-th request. It is called by several connections at once, each time with another n.
type Maker func(n int) ([]byte, error)

// Options bound one run.
type Options struct {
	// The run ends after so long or so many requests, whichever comes first. Max 0 means no such bound.
	Duration time.Duration
	Max      int
	// Every, when set, is the least time between two requests of a connection: for watching a server rather than loading it.
	Every time.Duration
	// Status is what every answer must have. If Busy is set, 503 is right as well: the server may refuse what is too much at once.
	Status int
	Busy   bool
}

// Result is what a run saw.
type Result struct {
	Requests  int
	Elapsed   time.Duration
	Latencies []time.Duration
}

// PerSecond is the throughput.
func (r Result) PerSecond() float64 { return float64(r.Requests) / r.Elapsed.Seconds() }

const answerTimeout = 20 * time.Second

// Client keeps connections to one server, between runs too.
type Client struct {
	conns []*conn
	next  atomic.Int64 // number of the next request, over all runs
}

type conn struct {
	net.Conn
	in *bufio.Reader
}

// Dial opens the connections.
func Dial(ctx context.Context, addr string, connections int) (*Client, error) {
	c := &Client{}
	for range connections {
		var dialer net.Dialer
		tcp, err := dialer.DialContext(ctx, "tcp", addr)
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("load: %w", err)
		}
		c.conns = append(c.conns, &conn{Conn: tcp, in: bufio.NewReaderSize(tcp, 16<<10)})
	}
	return c, nil
}

// Close closes the connections.
func (c *Client) Close() {
	for _, conn := range c.conns {
		_ = conn.Close()
	}
}

// Run sends requests on all connections until the bounds are reached, ctx ends, or an answer is wrong.
func (c *Client) Run(ctx context.Context, o Options, next Maker) (Result, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.Duration, errOver)
	defer cancel()
	var (
		all    sync.WaitGroup
		taken  atomic.Int64
		each   = make([][]time.Duration, len(c.conns))
		failed = make([]error, len(c.conns))
		start  = time.Now()
	)
	for i, conn := range c.conns {
		all.Go(func() {
			latencies := make([]time.Duration, 0, 1<<12)
			defer func() { each[i] = latencies }()
			for ctx.Err() == nil && (o.Max == 0 || taken.Add(1) <= int64(o.Max)) {
				took, err := conn.once(next, int(c.next.Add(1)-1), o)
				if err != nil {
					failed[i] = err
					cancel()
					return
				}
				latencies = append(latencies, took)
				if rest := o.Every - took; rest > 0 && !pause(ctx, rest) {
					return
				}
			}
		})
	}
	all.Wait()
	r := Result{Elapsed: time.Since(start)}
	for _, latencies := range each {
		r.Latencies = append(r.Latencies, latencies...)
	}
	r.Requests = len(r.Latencies)
	return r, firstError(ctx, failed)
}

var errOver = errors.New("load: the time of the run is over")

// firstError prefers what went wrong on a connection to the end of the run's context.
func firstError(ctx context.Context, each []error) error {
	if err := errors.Join(each...); err != nil {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errOver) && ctx.Err() != nil {
		return fmt.Errorf("load: %w", cause)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once sends one request and reads its answer to the end.
func (c *conn) once(next Maker, n int, o Options) (time.Duration, error) {
	request, err := next(n)
	if err != nil {
		return 0, fmt.Errorf("load: making request %d: %w", n, err)
	}
	if err := c.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	start := time.Now()
	if _, err := c.Write(request); err != nil {
		return 0, fmt.Errorf("load: sending: %w", err)
	}
	resp, err := http.ReadResponse(c.in, nil)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, fmt.Errorf("load: no answer within %s", answerTimeout)
	}
	if err != nil {
		return 0, fmt.Errorf("load: reading the answer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != o.Status && !(o.Busy && resp.StatusCode == http.StatusServiceUnavailable) {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 2<<10))
		return 0, fmt.Errorf("load: the answer was %s instead of %d: %s", resp.Status, o.Status, bytes.TrimSpace(body))
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, fmt.Errorf("load: reading the answer: %w", err)
	}
	took := time.Since(start)
	if resp.Close {
		return 0, errors.New("load: the server closes the connection after an answer")
	}
	return took, nil
}

// Encode turns a request into its bytes on the wire.
func Encode(r *http.Request) ([]byte, error) {
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		return nil, fmt.Errorf("load: encoding the request: %w", err)
	}
	return out.Bytes(), nil
}

// Repeat sends the same requests over and over, in turn.
func Repeat(requests ...*http.Request) (Maker, error) {
	encoded := make([][]byte, len(requests))
	for i, r := range requests {
		var err error
		if encoded[i], err = Encode(r); err != nil {
			return nil, err
		}
	}
	return func(n int) ([]byte, error) { return encoded[n%len(encoded)], nil }, nil
}
