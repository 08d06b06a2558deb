package testkit

import "go.updspace.com/libs/signing"

// Secret is the signing secret of tests.
const Secret = "testkit-secret-testkit-secret-testkit"

// Keyring returns the keys that every service signs and verifies with in tests.
func Keyring() *signing.Keyring {
	k, err := signing.NewKeyring(signing.Config{Secret: Secret})
	if err != nil { // the secret is a constant and long enough
		panic(err)
	}
	return k
}
