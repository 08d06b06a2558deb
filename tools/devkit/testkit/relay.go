package testkit

import (
	"context"
	"net"
	"sync"
	"testing"
)

// Relay stands between a client and a server and can hold everything back, as a server does that hangs.
type Relay struct {
	Addr string // where clients connect

	mu    sync.Mutex
	open  chan struct{} // closed while bytes may pass
	conns []net.Conn
}

// NewRelay passes bytes to and from the server at target, for the length of the test.
func NewRelay(t testing.TB, target string) *Relay {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	r := &Relay{Addr: listener.Addr().String(), open: make(chan struct{})}
	close(r.open)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", target)
			if err != nil {
				_ = in.Close()
				continue
			}
			r.mu.Lock()
			r.conns = append(r.conns, in, out)
			r.mu.Unlock()
			wg.Go(func() { r.copy(out, in) })
			wg.Go(func() { r.copy(in, out) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		r.Thaw()
		r.mu.Lock()
		for _, c := range r.conns {
			_ = c.Close()
		}
		r.mu.Unlock()
		wg.Wait()
	})
	return r
}

func (r *Relay) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		<-r.gate()
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (r *Relay) gate() chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open
}

// Freeze holds back every byte from now on.
func (r *Relay) Freeze() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = make(chan struct{})
}

// Thaw lets pass what was held back, and everything after it.
func (r *Relay) Thaw() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.open:
	default:
		close(r.open)
	}
}
