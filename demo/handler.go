package demo

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// handler is what both addresses serve.
func (w *World) handler() http.Handler {
	mux := http.NewServeMux()
	// A page of another origin that a browser has open must not play the world.
	mux.Handle("/_control/", http.NewCrossOriginProtection().Handler(w.control()))
	graph := w.graph.Handler()
	if w.options.AroundGraph != nil {
		graph = w.options.AroundGraph(graph)
	}
	mux.Handle("/v1.0/", graph)
	mux.Handle(contactCentrePath+"/", w.provider.Handler())
	page, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux.Handle("GET /{$}", pageHeaders(http.FileServerFS(page)))
	mux.Handle("GET /page/", pageHeaders(http.StripPrefix("/page", http.FileServerFS(page))))
	mux.Handle("/", w.entra.Handler())
	return mux
}

func pageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		rw.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(rw, r)
	})
}
