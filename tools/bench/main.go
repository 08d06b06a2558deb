// Command bench measures what the platform's operations cost beside the least they could: `make bench`.
//
// It starts the platform and, as processes of their own, the baselines: minimal programs that do only the unavoidable (see
// package baseline). Row and baseline take turns within each round, so that what disturbs the machine disturbs both. What is
// compared is the processor time per request of the server processes, PostgreSQL's back ends and Redis included and the
// load generator excluded: on a shared machine that figure holds where requests per second do not. Ratios are taken round
// by round, and their median is held against the target. The exit code is 1 when a target is missed, 2 when the bench
// itself failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.updspace.com/tools/bench/harness"
)

type settings struct {
	runs        int
	time        time.Duration
	warmup      time.Duration
	connections []int
	only        *regexp.Regexp
	profiles    string
	log         io.Writer
}

// The least number of runs that a median is believed of.
const leastRuns = 5

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	met, err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	case !met:
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (met bool, err error) {
	s, err := parse(args)
	if err != nil {
		return false, err
	}
	began, load := time.Now(), loadAverage()
	rules, err := measureRules(ctx, s)
	if err != nil {
		return false, err
	}
	arrived, err := measureArrivals(ctx, s)
	if err != nil {
		return false, err
	}
	r, err := harness.Start(ctx, harness.Options{Log: s.log, Note: note, Session: baselineSession})
	if err != nil {
		return false, err
	}
	defer r.Stop()
	v, err := newFixture(ctx, r)
	if err != nil {
		return false, fmt.Errorf("preparing: %w", err)
	}
	b := &bench{settings: s, harness: r, samples: map[key][]sample{}, visits: map[string][]visits{}}
	plan := newPlan(r, v)
	plan.rules, plan.arrivals = rules, arrived
	if plan.pages, err = (maker{harness: r, fixture: v}).pages(ctx); err != nil {
		return false, fmt.Errorf("preparing: %w", err)
	}
	plan = plan.only(s.only)
	if err := b.allPages(ctx, plan.pages); err != nil { // first: they show the demo data, before the bench adds its own
		return false, err
	}
	if plan.loads() {
		note("preparing what the rows need")
		if err := v.fill(ctx, r, plan); err != nil {
			return false, fmt.Errorf("preparing: %w", err)
		}
		if err := b.all(ctx, plan); err != nil {
			return false, err
		}
	}
	fmt.Printf("%d rounds of %s per row and connections, rows and baselines in turn, on %d cores (%s), in %s; load average before: %s\n\n",
		s.runs, s.time, runtime.NumCPU(), runtime.Version(), time.Since(began).Round(time.Second), load)
	met = report(os.Stdout, b, plan)
	if s.profiles != "" {
		err = b.profile(ctx, plan, s.profiles)
	}
	return met, err
}

func parse(args []string) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := flags.Bool("quick", false, "two short rounds: for developing, not for believing")
	verbose := flags.Bool("v", false, "show what the programs say")
	connections := flags.String("connections", "1,16", "kept connections to measure at")
	only := flags.String("only", "", "measure only the rows whose name matches")
	flags.IntVar(&s.runs, "runs", leastRuns, "rounds")
	flags.DurationVar(&s.time, "time", 2*time.Second, "length of one run")
	flags.StringVar(&s.profiles, "profiles", "", "afterwards, write a CPU profile of the platform under each row into this directory")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.warmup = 300 * time.Millisecond
	if *quick {
		s.runs, s.time = 2, 500*time.Millisecond
	} else if s.runs < leastRuns {
		return s, fmt.Errorf("at least %d rounds, or -quick", leastRuns)
	}
	if *verbose {
		s.log = os.Stderr
	}
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		return s, err
	}
	for field := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 || n > 256 {
			return s, fmt.Errorf("%q is no number of connections from 1 to 256", field)
		}
		s.connections = append(s.connections, n)
	}
	return s, nil
}

// loadAverage is what the machine had to do in the last minute, which tells a busy one.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	minute, _, _ := strings.Cut(string(text), " ")
	return minute
}

func note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
