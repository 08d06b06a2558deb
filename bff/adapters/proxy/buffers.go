package proxy

import "sync"

const bufferSize = 32 << 10

// buffers are the copy buffers of answers, used again and again.
var buffers = &bufferPool{pool: sync.Pool{New: func() any { return new([bufferSize]byte) }}}

type bufferPool struct{ pool sync.Pool }

// Get implements httputil.BufferPool.
func (b *bufferPool) Get() []byte { return b.pool.Get().(*[bufferSize]byte)[:] }

// Put implements httputil.BufferPool.
func (b *bufferPool) Put(buffer []byte) {
	if cap(buffer) >= bufferSize {
		b.pool.Put((*[bufferSize]byte)(buffer[:bufferSize]))
	}
}
