package searchrivals

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"
	_ "modernc.org/sqlite" // the driver

	"teamsbridge/graph"
)

const (
	pageSize = 25
	tenant   = graph.TenantID("11111111-1111-4111-8111-111111111111")
)

// An engine answers how many people match a text, and reads the first page.
type engine interface {
	search(text string) (total int, err error)
}

// experts is the index, through the package's own door.
type experts struct{ *graph.Experts }

// directory says all of its people in pages.
type directory struct {
	graph.Directory
	people []graph.Person
}

func (d directory) DeltaPage(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
	const size = 1000
	var from int
	_, _ = fmt.Sscan(link, &from) // the first link is empty
	to := min(from+size, len(d.people))
	page := graph.DeltaPage{People: d.people[from:to], Next: fmt.Sprint(to)}
	if to == len(d.people) {
		page.Next, page.Delta = "", page.Next
	}
	return page, nil
}

func newExperts(tb testing.TB, people []graph.Person) experts {
	tb.Helper()
	found, err := graph.NewExperts(graph.Config{}, graph.Deps{
		Directory: directory{people: people}, Tenants: []graph.Tenant{{ID: tenant, Country: "DE"}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(tb.Context())
	defer cancel()
	statuses, stop := found.Subscribe(tenant)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- found.Run(ctx) }()
	for status := range statuses {
		if status.LastError != "" {
			tb.Fatalf("mirror: %+v", status)
		}
		if status.Ready {
			break
		}
	}
	cancel()
	if err := <-done; err != nil {
		tb.Fatal(err)
	}
	return experts{found}
}

func (e experts) search(text string) (int, error) {
	result, err := e.Search(context.Background(), tenant, graph.Query{Text: text, Country: "DE", Limit: pageSize})
	return result.Total, err
}

// fts5 is a contentless table of SQLite with indices of short prefixes.
type fts5 struct{ count, page *sql.Stmt }

func newFTS5(tb testing.TB, people []graph.Person) fts5 {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(tb.TempDir(), "people.db")+"?_pragma=cache_size(-400000)&_pragma=synchronous(0)&_pragma=journal_mode(off)")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	do := func(_ any, err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	do(db.Exec(`CREATE VIRTUAL TABLE people USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4')`))
	tx, err := db.Begin()
	do(nil, err)
	insert, err := tx.Prepare(`INSERT INTO people(rowid, words) VALUES (?, ?)`)
	do(nil, err)
	for i, p := range people {
		do(insert.Exec(i+1, wordsOf(p)))
	}
	do(nil, tx.Commit())
	do(db.Exec(`INSERT INTO people(people) VALUES ('optimize')`))
	var f fts5
	f.count, err = db.Prepare(`SELECT count(*) FROM people WHERE people MATCH ?`)
	do(nil, err)
	f.page, err = db.Prepare(`SELECT rowid FROM people WHERE people MATCH ? ORDER BY rowid LIMIT ?`)
	do(nil, err)
	return f
}

func (f fts5) search(text string) (total int, err error) {
	prefixes, number := asked(text)
	match := `"` + strings.Join(prefixes, `"* AND "`) + `"*`
	if number != "" {
		match = `"` + number + `"`
	}
	if err := f.count.QueryRow(match).Scan(&total); err != nil {
		return 0, err
	}
	rows, err := f.page.Query(match, pageSize)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	return total, rows.Err()
}

// bleveIndex is an index of Bleve on disk.
type bleveIndex struct{ bleve.Index }

func newBleve(tb testing.TB, people []graph.Person) bleveIndex {
	tb.Helper()
	field := bleve.NewTextFieldMapping()
	field.Store, field.IncludeTermVectors, field.DocValues, field.IncludeInAll = false, false, false, false
	field.Analyzer = "words"
	mapping := bleve.NewIndexMapping()
	if err := mapping.AddCustomAnalyzer("words", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		tb.Fatal(err)
	}
	mapping.DefaultMapping = bleve.NewDocumentStaticMapping()
	mapping.DefaultMapping.AddFieldMappingsAt("words", field)
	index, err := bleve.NewUsing(filepath.Join(tb.TempDir(), "people.bleve"), mapping, scorch.Name, scorch.Name, map[string]any{"unsafe_batch": true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = index.Close() })
	batch := index.NewBatch()
	for i, p := range people {
		if err := batch.Index(fmt.Sprintf("%08d", i), map[string]string{"words": wordsOf(p)}); err != nil {
			tb.Fatal(err)
		}
		if batch.Size() == 5000 || i == len(people)-1 {
			if err := index.Batch(batch); err != nil {
				tb.Fatal(err)
			}
			batch.Reset()
		}
	}
	return bleveIndex{index}
}

func (b bleveIndex) search(text string) (int, error) {
	prefixes, number := asked(text)
	all := query.NewConjunctionQuery(nil)
	for _, p := range prefixes {
		prefix := query.NewPrefixQuery(p)
		prefix.SetField("words")
		all.AddQuery(prefix)
	}
	if number != "" {
		term := query.NewTermQuery(number)
		term.SetField("words")
		all.AddQuery(term)
	}
	request := bleve.NewSearchRequestOptions(all, pageSize, 0, false)
	request.SortBy([]string{"_id"})
	request.Score = "none"
	result, err := b.Search(request)
	if err != nil {
		return 0, err
	}
	return int(result.Total), nil
}
