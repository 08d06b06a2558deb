package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

const (
	sessionCookie = "updspace_session"
	sessionPrefix = "session:"
)

// gateway is the smallest honest one: it knows its user from a cookie and a session store that several instances can
// share, and what it passes on is authenticated.
func gateway(ctx context.Context, s settings) (http.Handler, error) {
	upstream, err := url.Parse(s.upstream)
	if err != nil {
		return nil, err
	}
	// No client-side caching: the GET is the point.
	store, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{s.redis}, DisableCache: true})
	if err != nil {
		return nil, fmt.Errorf("connecting to Redis: %w", err)
	}
	context.AfterFunc(ctx, store.Close)
	if err := store.Do(ctx, store.B().Set().Key(sessionPrefix+s.session).Value("00000000-0000-4000-8000-000000000002").Build()).Error(); err != nil {
		return nil, fmt.Errorf("storing the session: %w", err)
	}
	key := []byte("a secret of thirty-two bytes ....")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	transport.DisableCompression = true
	context.AfterFunc(ctx, transport.CloseIdleConnections)
	proxy := &httputil.ReverseProxy{
		Transport:  transport,
		BufferPool: &buffers{},
		Rewrite:    func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(sessionCookie)
		if err != nil {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		user, err := store.Do(r.Context(), store.B().Get().Key(sessionPrefix+cookie.Value).Build()).ToString()
		if err != nil {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		stamp := strconv.FormatInt(time.Now().Unix(), 10)
		mac := hmac.New(sha256.New, key)
		for _, line := range [...]string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, user, stamp} {
			_, _ = mac.Write([]byte(line))
			_, _ = mac.Write([]byte{'\n'})
		}
		r.Header.Set("X-User-Id", user)
		r.Header.Set("X-Timestamp", stamp)
		r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
		proxy.ServeHTTP(w, r)
	}), nil
}

// buffers spares the proxy a new copying buffer per request.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if p, ok := b.pool.Get().(*[]byte); ok {
		return *p
	}
	return make([]byte, 32<<10)
}

func (b *buffers) Put(p []byte) { b.pool.Put(&p) }
