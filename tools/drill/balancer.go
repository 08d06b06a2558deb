package drill

import (
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

const dialPatience = time.Second

// balancer stands in front of the instances of a service, as a Service of Kubernetes does: it passes connections on in turn, and takes the next
// instance when one refuses.
type balancer struct {
	l net.Listener

	mu        sync.Mutex
	instances []string
	next      int
	group     sync.WaitGroup
}

func newBalancer(instances ...string) (*balancer, error) {
	l, err := net.Listen("tcp4", local(0))
	if err != nil {
		return nil, err
	}
	b := &balancer{l: l, instances: instances}
	b.group.Go(b.accept)
	return b, nil
}

func (b *balancer) port() int { return b.l.Addr().(*net.TCPAddr).Port }

func (b *balancer) url() string {
	return "http://" + local(b.port())
}

// add and remove say which instances get new connections.
func (b *balancer) add(instance string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.instances, instance) {
		b.instances = append(b.instances, instance)
	}
}

func (b *balancer) remove(instance string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.instances = slices.DeleteFunc(slices.Clone(b.instances), func(i string) bool { return i == instance })
}

func (b *balancer) accept() {
	for {
		client, err := b.l.Accept()
		if err != nil {
			return
		}
		go b.pass(client.(*net.TCPConn))
	}
}

func (b *balancer) turn() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.instances) == 0 {
		return nil
	}
	b.next = (b.next + 1) % len(b.instances)
	return slices.Concat(b.instances[b.next:], b.instances[:b.next])
}

func (b *balancer) pass(client *net.TCPConn) {
	defer client.Close()
	for _, instance := range b.turn() {
		conn, err := net.DialTimeout("tcp4", instance, dialPatience)
		if err != nil {
			continue
		}
		server := conn.(*net.TCPConn)
		var both sync.WaitGroup
		both.Go(func() { pour(server, client) })
		both.Go(func() { pour(client, server) })
		both.Wait()
		_ = server.Close()
		return
	}
}

// pour copies until the end of one side, and ends the other alike.
func pour(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		_ = to.SetLinger(0) // a reset, as the instance itself gives when it dies
		_ = to.Close()
		return
	}
	_ = to.CloseWrite()
}

func (b *balancer) stop() {
	_ = b.l.Close()
	b.group.Wait()
}
