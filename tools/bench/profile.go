package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.updspace.com/tools/bench/load"
)

const (
	profileSeconds     = 5
	profileConnections = 16
)

// profile puts each row of the platform under load once more and keeps a CPU profile of it.
func (b *bench) profile(ctx context.Context, p plan, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // for people to read
		return err
	}
	for _, s := range p.subjects {
		if _, baseline := b.harness.Baselines[s.name]; baseline {
			continue
		}
		note("profile of %s", s.name)
		if err := b.profileOne(ctx, s, filepath.Join(dir, strings.ReplaceAll(s.name, " ", "-")+".pprof")); err != nil {
			return fmt.Errorf("profile of %s: %w", s.name, err)
		}
	}
	return nil
}

func (b *bench) profileOne(ctx context.Context, s *subject, file string) error {
	q, err := s.prepare(ctx)
	if err != nil {
		return err
	}
	client, err := load.Dial(ctx, s.addr, profileConnections)
	if err != nil {
		return err
	}
	defer client.Close()
	done := make(chan error, 1)
	go func() {
		_, err := client.Run(ctx, load.Options{Duration: (profileSeconds + 1) * time.Second, Status: s.status, Max: q.max}, q.next)
		done <- err
	}()
	address := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", b.harness.Admin, profileSeconds)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the admin address answered %s", resp.Status)
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, resp.Body); err != nil {
		_ = f.Close()
		return err
	}
	if err := <-done; err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
