// Package sketch summarizes values in bounded memory.
//
//   - [Grid] holds numbers: exact distinct values with their counts up to a
//     budget, then cells of equal relative width. Quantiles and tests read it.
//   - [Sum] adds float64 values without any rounding, for means and variances.
//   - [Counts] holds categories: exact up to a bound, then hashed buckets.
//   - [Distinct] counts distinct values: exact up to a bound, then estimated.
//   - [Rows] finds duplicate rows and keeps a sample of rows.
//
// All of them promise the same: the state is a function of the multiset of
// values alone. Whatever the order in which values came, and however they were
// spread over summaries that were merged later, the encoding has the same
// bytes. That is what lets profiles be made by many functions at once, twice,
// or again next year, and still have the same name.
//
// Nothing here is random. Where hashing decides what is kept (buckets, sampled
// rows), everyone who knows the hash can craft data that it treats badly; it
// costs accuracy, never memory.
//
// A summary may be read by several goroutines at once after its first read
// has returned; adding to it needs exclusive use.
package sketch
