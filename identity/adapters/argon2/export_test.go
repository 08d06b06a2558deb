package argon2

// Held is how many hash or wait for it.
func (h *Hasher) Held() int { return len(h.queue) }
