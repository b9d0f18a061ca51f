// Package csv reads delimited text: commas, semicolons, tabs or pipes, quoted
// or not, with a header or without.
//
// [Detect] finds the dialect by content; [NewReader] reads with it. A record
// with too few or too many fields is counted and left out, a cell that does not
// fit its column's kind is counted and kept as mistyped: what is wrong in one
// place does not cost the rest. Memory is bounded by [MaxRecord].
package csv
