package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// selectAndCall answers GET /{id} like selectByKey, once another service has been asked: one signed question as JSON over a
// kept connection, and its answer read. A service that may not decide by itself who sees what cannot do with less. What the
// other one spends is not in it.
func selectAndCall(ctx context.Context, s settings) (http.Handler, error) {
	answering, err := selectByKey(ctx, s)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	transport.DisableCompression = true
	context.AfterFunc(ctx, transport.CloseIdleConnections)
	caller := caller{url: s.upstream, client: &http.Client{Transport: transport}, key: []byte("a secret of thirty-two bytes ....")}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := caller.ask(r.Context(), r.URL.Path); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		answering.ServeHTTP(w, r)
	}), nil
}

type caller struct {
	url    string
	client *http.Client
	key    []byte
}

func (c caller) ask(ctx context.Context, about string) error {
	body, err := json.Marshal(map[string]string{"permission": "thing.read", "about": about})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, c.key)
	_, _ = mac.Write(body)
	_, _ = mac.Write([]byte(stamp))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Timestamp", stamp)
	r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	resp, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the other service answered %s", resp.Status)
	}
	var said struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		return err
	}
	if said.ID == "" {
		return errors.New("the other service answered nothing")
	}
	return nil
}
