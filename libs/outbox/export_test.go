package outbox

// BeforeMark sets a function that a relay calls between sending a batch and marking it.
func (r *Relay) BeforeMark(fn func()) { r.beforeMark = fn }
