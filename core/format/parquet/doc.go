// Package parquet reads Parquet files into blocks, column by column and never
// row by row.
//
// [Open] reads the footer; [File.Heads] gives the first rows as text, which is
// what a contract is inferred from; [File.Read] streams the row groups. Structs
// become columns with dotted names; lists become one column of JSON arrays per
// leaf, also those of maps ("tags.key", "tags.value") and of lists of structs.
//
// A value has the text that the same table has as CSV: integers in decimal,
// floats as short as they can be ("7.0", "0.1", "1e-07"), decimals with all
// their places, dates as 2006-01-02 and instants as RFC 3339. Instants without
// a zone are UTC.
//
// Files come from outside. Every size that a file declares is checked against a
// limit and against the bytes that are there before anything is allocated for
// it; pages are decoded as a stream, so that a page of few bytes cannot claim
// the memory of many values. What is corrupt or past a limit is an error of kind
// fault.Invalid with a hint. That is why pages are decoded here and not by a
// library: those trust declared sizes.
package parquet

// The limits. A file past one of them is refused with an error that names it.
const (
	MaxFooter  = 64 << 20  // bytes of the footer
	MaxColumns = 10_000    // columns, nested ones counted one by one
	MaxPage    = 256 << 20 // bytes of a page, compressed or not
	MaxCell    = 16 << 20  // bytes of a cell as text
	MaxText    = 256 << 20 // bytes of the texts of one column in one block
	MaxMemory  = 1 << 30   // bytes of the pages and dictionaries of all columns together
	MaxChunks  = 4 << 20   // columns times row groups
)
