package redis

import "time"

// WaitFor sets how long an answer may take, which on a busy machine is longer
// than a person should wait.
func (l *Limiter) WaitFor(answer time.Duration) { l.wait = answer }
