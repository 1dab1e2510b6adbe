// Package searchrivals holds the expert index against full-text engines that
// others would have taken: SQLite's FTS5 and Bleve, in turns, on the same
// people and texts. It has benchmarks only, so the product never links the
// engines:
//
//	go test -run '^$' -bench . -benchtime 1x ./internal/bench/searchrivals
//
// The task is made easy for the rivals. Their words are already folded, so they
// need no idea of umlauts; all words of a person are in one field; they answer
// with the number of people who match and the first page in the order of names,
// while the index also ranks everybody (exact before prefix, name before role
// before department). The numbers of people must be the same, else the run
// fails. What is not asked of them is switched off: scores, positions, columns,
// stored texts.
package searchrivals
