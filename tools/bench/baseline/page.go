package main

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"go.updspace.com/web"
)

//go:embed page
var pageFiles embed.FS

// page is a page of words alone, served by the handler of the frontends: the least that a browser needs to show anything.
func page(context.Context, settings) (http.Handler, error) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return nil, err
	}
	app, err := web.New(files)
	if err != nil {
		return nil, err
	}
	write := func(w http.ResponseWriter, r *http.Request) {
		if err := app.Write(w, r, web.Page{Lang: "en", Title: "A bare page"}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
	return app.Handler(http.HandlerFunc(write), http.NotFoundHandler()), nil
}
