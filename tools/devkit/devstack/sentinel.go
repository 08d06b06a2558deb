package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

const sentinelMode = "--sentinel"

// Replica starts a second server that copies this one.
func (r *Redis) Replica(ctx context.Context) (*Redis, error) {
	return r.another(ctx, func(*Redis) error { return nil }, "--replicaof", "127.0.0.1 "+fmt.Sprint(r.port))
}

// Sentinel starts a Sentinel, which calls this server by a name. When the server is away for a second, it makes a replica the primary.
func (r *Redis) Sentinel(ctx context.Context, name string) (*Redis, error) {
	watched := fmt.Sprintf("sentinel monitor %[1]s 127.0.0.1 %[2]d 1\nsentinel down-after-milliseconds %[1]s 1000\nsentinel failover-timeout %[1]s 5000\n", name, r.port)
	return r.another(ctx, func(s *Redis) error {
		settings := filepath.Join(s.home, "sentinel.conf") // which the server rewrites
		s.role = []string{settings, sentinelMode}
		return errors.Join(os.WriteFile(settings, []byte(watched), 0o600), s.as.own(settings), s.as.own(s.home))
	})
}

func (r *Redis) another(ctx context.Context, prepare func(*Redis) error, role ...string) (*Redis, error) {
	if r.external() || r.StandIn {
		return nil, errExternal
	}
	s := &Redis{opts: Options{Log: r.opts.Log}, program: r.program, as: r.as, Source: r.Source, role: role}
	err := s.makeHome()
	if err == nil {
		err = prepare(s)
	}
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		s.Stop()
		return nil, fmt.Errorf("devstack: Redis: %w", err)
	}
	return s, nil
}

func (r *Redis) sentinel() bool { return slices.Contains(r.role, sentinelMode) }
