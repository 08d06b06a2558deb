package httpapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/domain"
)

func (s *server) GetResults(ctx context.Context, r votingapi.GetResultsRequestObject) (votingapi.GetResultsResponseObject, error) {
	outcome, err := s.results.Get(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetResults200JSONResponse(ToAPIResults(outcome)), nil
}

func (s *server) ExportResults(ctx context.Context, r votingapi.ExportResultsRequestObject) (votingapi.ExportResultsResponseObject, error) {
	results, err := s.results.Export(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	table, err := resultsCSV(results)
	if err != nil {
		return nil, err
	}
	return votingapi.ExportResults200TextCsvResponse{
		Body: bytes.NewReader(table), ContentLength: int64(len(table)),
		Headers: votingapi.ExportResults200ResponseHeaders{ContentDisposition: fmt.Sprintf(`attachment; filename="results-%s.csv"`, r.PollID)},
	}, nil
}

// byteOrderMark tells spreadsheets that the text is UTF-8.
const byteOrderMark = "\ufeff"

func resultsCSV(r domain.Results) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	lines := [][]string{{"nomination", "option", "votes", "percent", "winner"}}
	for _, q := range r.Questions {
		for _, o := range q.Options {
			winner := "no"
			if slices.Contains(q.Winners, o.OptionID) {
				winner = "yes"
			}
			lines = append(lines, []string{
				cell(q.Title), cell(o.Title), strconv.FormatInt(o.Votes, 10), strconv.FormatFloat(o.Percent, 'f', 1, 64), winner,
			})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("writing the table of results: %w", err)
	}
	return b.Bytes(), nil
}

// cell keeps spreadsheets from taking a text for a formula. They ignore space before it.
func cell(text string) string {
	if begin := strings.TrimSpace(text); begin != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(begin)[0]) {
		return "'" + text
	}
	return text
}
