// Package profile turns rows into a small summary, once, and does all else by
// arithmetic on summaries.
//
// A [Builder] takes blocks and gives a [Dataset]: per column the counts of
// missing and mistyped cells, exact sums, the values as cells or categories,
// and over whole rows a sketch of duplicates, a small sample, and of a larger
// one a code of each cell. Datasets [Merge]; their counts [Dataset.Subtract];
// [Dataset.Encode] gives bytes that are a function of the rows alone: the same
// for every order of rows, every split into files, every order of merging, every
// machine.
//
// Three sets of [Options] say how much is kept: [Stored] for the profile of a
// batch, [Baseline] for what many batches are compared with, [Exact] for a
// comparison that is made once and must be exact to 131,072 distinct values.
// What merges are made of is as coarse as the coarsest part.
//
// Raw rows are not kept, except the cells of the few sampled ones; a code is the
// first 32 bits of a number, or of the hash of a category.
package profile
