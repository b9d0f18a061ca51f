// Package parquet reads Parquet files into blocks: pages are decoded into typed
// slices and copied column by column, never row by row through interfaces.
//
// [Open] reads the footer; [File.Read] streams the row groups with one page of
// each column in memory. Structs become columns with dotted names, and lists of
// plain values become one column of JSON arrays; what nests deeper is left out
// and said in the notes. A value has the text that the same table has as CSV:
// integers in decimal, floats as short as they can be ("7.0", "0.1", "1e-07"),
// dates and instants as RFC 3339.
//
// The library beneath panics on some corrupt files and trusts the sizes that a
// file declares. Here a panic becomes an error of kind fault.Invalid, and sizes
// are checked before anything is allocated for them.
package parquet
