package httpapi

import (
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/jsonscan"
)

// scanVote scans the body of a vote: see httpx.BodyScanner. scan_test.go compares it with a decoder.
func scanVote(body []byte) (any, bool) {
	c := jsonscan.At(body)
	var vote votingapi.VoteCast
	fields := 0
	ok := c.Object(func(name []byte) bool {
		fields++
		switch string(name) {
		case "poll_id":
			return c.UUID(&vote.PollID)
		case "nomination_id":
			return c.UUID(&vote.NominationID)
		case "option_id":
			return c.UUID(&vote.OptionID)
		}
		return false
	})
	const required = 3 // names are not repeated
	return vote, ok && fields == required && c.End()
}
