package signing

// Cached reports whether the derived keys of a pair are in the cache.
func (k *Keyring) Cached(caller, audience string) bool {
	_, ok := k.derived.Load(pair{caller, audience})
	return ok
}
