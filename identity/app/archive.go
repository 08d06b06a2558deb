package app

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"time"

	"go.updspace.com/identity/ports"
)

// Archive is an export as a ZIP archive of JSON files.
type Archive struct {
	state    ExportState
	requests ports.DataRequests
}

// Name is that of the file.
func (a *Archive) Name() string {
	return "updspace-" + a.state.RequestedAt.UTC().Format("2006-01-02") + ".zip"
}

// contents is the last file of an archive.
type contents struct {
	RequestedAt time.Time     `json:"requested_at"`
	FinishedAt  *time.Time    `json:"finished_at"`
	Files       []string      `json:"files"`
	Missing     []missingPart `json:"missing"`
}

type missingPart struct {
	Community string `json:"community"`
	Service   string `json:"service"`
}

func fileOf(tenant, service string) string {
	if tenant == "" {
		return "account.json"
	}
	return "communities/" + tenant + "/" + service + ".json"
}

// Write writes the archive. One page of it is in memory at a time.
func (a *Archive) Write(ctx context.Context, w io.Writer) error {
	archive := zip.NewWriter(w)
	list := contents{RequestedAt: a.state.RequestedAt, FinishedAt: a.state.FinishedAt, Files: []string{}, Missing: []missingPart{}}
	for _, p := range a.state.Parts {
		if p.State == "missing" {
			list.Missing = append(list.Missing, missingPart{p.Tenant, p.Service})
		}
	}
	var file io.Writer
	err := a.requests.Pages(ctx, a.state.ID, func(p ports.DataPage) (err error) {
		before := ",\n"
		if name := fileOf(p.Tenant, p.Service); len(list.Files) == 0 || list.Files[len(list.Files)-1] != name {
			if err := finish(file); err != nil {
				return err
			}
			list.Files, before = append(list.Files, name), "[\n"
			if file, err = archive.Create(name); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(file, before); err != nil {
			return err
		}
		_, err = file.Write(p.JSON)
		return err
	})
	if err == nil {
		err = finish(file)
	}
	if err != nil {
		return err
	}
	last, err := archive.Create("contents.json")
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(last)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(list); err != nil {
		return err
	}
	return archive.Close()
}

// finish ends the list in a file; nil is none.
func finish(file io.Writer) error {
	if file == nil {
		return nil
	}
	_, err := io.WriteString(file, "\n]\n")
	return err
}

// pageOf is the JSON of a page: items with commas between them, so that pages make a list.
func pageOf[T any](items []T) ([]byte, error) {
	var out []byte
	for i, item := range items {
		text, err := json.Marshal(item)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ",\n"...)
		}
		out = append(out, text...)
	}
	return out, nil
}
