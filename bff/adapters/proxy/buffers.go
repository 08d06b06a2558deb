package proxy

import "sync"

const (
	bufferSize = 32 << 10
	// requests that are held open are many, and the events of a stream are short
	heldBufferSize = 1 << 10
)

// buffers are the copy buffers of answers, used again and again.
type buffers struct {
	size int
	pool sync.Pool // of *[]byte
}

func newBuffers(size int) *buffers {
	return &buffers{size: size, pool: sync.Pool{New: func() any { b := make([]byte, size); return &b }}}
}

// Get implements httputil.BufferPool.
func (b *buffers) Get() []byte { return *b.pool.Get().(*[]byte) }

// Put implements httputil.BufferPool.
func (b *buffers) Put(buffer []byte) {
	if cap(buffer) == b.size {
		buffer = buffer[:b.size]
		b.pool.Put(&buffer)
	}
}
