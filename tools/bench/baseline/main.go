// Command baseline serves the least that an operation of the platform cannot avoid doing, one kind per process, so that the
// bench can set what a service costs beside what its work costs. It is written to be quick, not to be used: what it
// leaves out (sign-in, limits, validation, logs, metrics) is the difference that the bench measures.
//
//	baseline bare                                   answer a fixed body
//	baseline gateway -upstream URL -redis ADDR -session TOKEN
//	                                             one cookie, one Redis GET, one HMAC, then httputil.ReverseProxy
//	baseline select  -postgres URL                  one SELECT by key
//	baseline resolve -postgres URL                  one SELECT that resolves overrides, hierarchy and roles over 10,000 facts
//	baseline call    -upstream URL -postgres URL    the same, after one signed call to another service
//	baseline feed    -postgres URL                  one SELECT of the newest posts in the reader's communities
//	baseline month   -postgres URL                  one SELECT of a month of dates in the reader's communities
//	baseline board   -postgres URL                  one SELECT of the first places of a leaderboard
//	baseline calendar -postgres URL                 one SELECT that finds a calendar by its secret, and when it changed
//	baseline insert  -postgres URL                  one committed INSERT with a unique key
//	baseline grant   -postgres URL                  one SELECT of a grant and its person
//	baseline rotate  -postgres URL                  one statement that replaces a refresh token
//	baseline hash                                   one argon2id hash
//	baseline sign                                   one ES256 signature
//	baseline page                                   a page of words alone, by the handler of the frontends
//
// It prints its address on standard output and ends when standard input does, so that it cannot outlive the bench.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

type settings struct {
	upstream, redis, session, postgres string
}

// kinds make the handlers. What they hold open they close when the context ends.
var kinds = map[string]func(context.Context, settings) (http.Handler, error){
	"bare":     bare,
	"gateway":  gateway,
	"select":   selectByKey,
	"resolve":  resolve,
	"call":     selectAndCall,
	"feed":     newest,
	"month":    month,
	"board":    board,
	"items":    items,
	"calendar": calendar,
	"insert":   insertOnce,
	"grant":    readGrant,
	"rotate":   rotate,
	"hash":     hashPassword,
	"sign":     signToken,
	"page":     page,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "baseline:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || kinds[args[0]] == nil {
		return errors.New("which one? bare, gateway, select, resolve, call, feed, month, board, calendar, insert, grant, rotate, hash, sign or page")
	}
	var s settings
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.StringVar(&s.upstream, "upstream", "", "where the gateway proxies to, and whom a call asks")
	flags.StringVar(&s.redis, "redis", "", "host:port of the gateway's sessions")
	flags.StringVar(&s.session, "session", "", "the one session that the gateway knows")
	flags.StringVar(&s.postgres, "postgres", "", "URL of the database")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handler, err := kinds[args[0]](ctx, s)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	fmt.Println(listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
