package ratelimit

import "time"

// WaitFor sets how long an answer of Redis may take, which on a busy machine is longer than a person should wait.
func (c *Connection) WaitFor(answer time.Duration) { c.wait = answer }
