package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"runtime"

	"golang.org/x/crypto/argon2"
)

// The parameters that the platform's passwords are hashed with: OWASP's second choice for argon2id.
const (
	argonMemory  = 19 << 10 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
)

// hashPassword compares a password with a hash, on no more threads than there are cores: more would only wait for each
// other, with 19 MiB each.
func hashPassword(context.Context, settings) (http.Handler, error) {
	salt := []byte("sixteen bytes ..")
	want := argon2.IDKey([]byte("updspace-demo"), salt, argonTime, argonMemory, argonThreads, argonKey)
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		places <- struct{}{}
		got := argon2.IDKey([]byte("updspace-demo"), salt, argonTime, argonMemory, argonThreads, argonKey)
		<-places
		if subtle.ConstantTimeCompare(got, want) != 1 {
			http.Error(w, "wrong password", http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}), nil
}

// signToken answers with a JWT signed by ES256.
func signToken(context.Context, settings) (http.Handler, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encode := base64.RawURLEncoding
	text := encode.EncodeToString([]byte(`{"alg":"ES256","kid":"1"}`)) + "." + encode.EncodeToString(payload)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		digest := sha256.Sum256([]byte(text))
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		var signature [64]byte
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		w.Header().Set("Content-Type", "application/jwt")
		_, _ = w.Write([]byte(text + "." + encode.EncodeToString(signature[:])))
	}), nil
}
