package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// dist is the agent desktop as its build leaves it.
//
//go:embed all:ui/dist
var dist embed.FS

// noncePlaceholder stands in index.html where the nonce of the answer belongs.
const noncePlaceholder = "__CSP_NONCE__"

// page is the agent desktop: index.html, made anew for each answer, and files
// that are served as they are.
type page struct {
	index []byte
	files map[string]*pageFile // by path, "/assets/app.js"
}

type pageFile struct {
	plain, zipped []byte // zipped is nil where it saves nothing
	mime, etag    string
}

// loadPage reads the embedded files, which never change, once.
var loadPage = sync.OnceValues(readPage)

func readPage() (*page, error) {
	root, err := fs.Sub(dist, "ui/dist")
	if err != nil {
		return nil, err
	}
	p := &page{files: map[string]*pageFile{}}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			p.index = content
			return nil
		}
		p.files["/"+name], err = newPageFile(name, content)
		return err
	})
	if err == nil && p.index == nil {
		err = errors.New("ui/dist has no index.html")
	}
	return p, err
}

func newPageFile(name string, content []byte) (*pageFile, error) {
	sum := sha256.Sum256(content)
	f := &pageFile{plain: content, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, mime: mime.TypeByExtension(path.Ext(name))}
	if f.mime == "" {
		f.mime = "application/octet-stream"
	}
	var zipped bytes.Buffer
	z, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if zipped.Len() < len(content)*9/10 {
		f.zipped = zipped.Bytes()
	}
	return f, nil
}

// reserved folders are never the page's, whatever lies below them. Metrics and
// profiles are the internal listener's: whoever looks for them here is told no.
var reserved = []string{"/auth", "/problems", "/webhooks", "/metrics", "/debug"}

// servePage serves a file of the page, or index.html for every path the page
// itself may know. A path that looks like a file but is none is not found.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	if f, ok := s.page.files[r.URL.Path]; ok {
		serveFile(w, r, f)
		return
	}
	for _, folder := range reserved {
		if below(r.URL.Path, folder) {
			s.fail(w, r, newProblem(slugNotFound))
			return
		}
	}
	if path.Ext(r.URL.Path) != "" && r.URL.Path != "/index.html" {
		s.fail(w, r, newProblem(slugNotFound))
		return
	}
	nonce := rand.Text()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy(nonce, s.cfg.frames()))
	w.Header().Del("Cross-Origin-Resource-Policy") // frame-ancestors says who may show it
	_, _ = w.Write(bytes.ReplaceAll(s.page.index, []byte(noncePlaceholder), []byte(nonce)))
}

// serveFile serves a file that keeps its name from build to build: a browser
// may keep it but asks each time whether it is still the same.
func serveFile(w http.ResponseWriter, r *http.Request, f *pageFile) {
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	content, etag := f.plain, f.etag
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content, etag = f.zipped, strings.TrimSuffix(f.etag, `"`)+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
