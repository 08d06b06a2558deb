package httpapi

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/api/votingapi"
)

func TestTheVotesOfOurClientsAreScanned(t *testing.T) {
	t.Parallel()
	vote := votingapi.VoteCast{PollID: uuid.New(), NominationID: uuid.New(), OptionID: uuid.New()}
	body, err := json.Marshal(vote)
	require.NoError(t, err)
	scanned, ok := scanVote(body)
	require.True(t, ok)
	require.Equal(t, vote, scanned)
}

// What is scanned is what a decoder reads, with each field once and no other.
func TestAScannedVoteIsReadAsADecoderReadsIt(t *testing.T) {
	t.Parallel()
	id := `"` + uuid.NewString() + `"`
	vote := []string{"{", `"poll_id"`, ":", id, ",", `"nomination_id"`, ":", id, ",", `"option_id"`, ":", `"` + strings.ToUpper(uuid.NewString()) + `"`, "}"}
	pieces := []string{"{", "}", ",", ":", " ", "\n", "null", "1", `""`, id, `"urn:uuid:` + id[1:], `"poll_id"`, `"nomination_id"`, `"option_id"`, `"other"`, `"poll\u005fid"`}
	rapid.Check(t, func(t *rapid.T) {
		body := slices.Clone(vote)
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			if piece := rapid.SampledFrom(pieces).Draw(t, "piece"); rapid.Bool().Draw(t, "insert") {
				body = slices.Insert(body, at, piece)
			} else {
				body[at] = piece
			}
		}
		text := strings.Join(body, "")
		scanned, ok := scanVote([]byte(text))
		if !ok {
			return
		}
		var want votingapi.VoteCast
		decoder := json.NewDecoder(bytes.NewBufferString(text))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&want), text)
		require.Equal(t, want, scanned, text)
		var fields map[string]uuid.UUID
		require.NoError(t, json.Unmarshal([]byte(text), &fields), text)
		require.Len(t, fields, 3, text)
	})
}
