package outbox

// BeforeMark sets what a relay does between sending a batch and remembering it.
func (r *Relay) BeforeMark(fn func()) { r.beforeMark = fn }
