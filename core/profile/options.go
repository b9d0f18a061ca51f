package profile

// Options say how much a profile keeps per column or per data set. Beyond each
// bound a summary goes over from exact counts to an approximation whose error
// its type documents.
type Options struct {
	Cells      int // numbers: distinct values or cells
	Categories int // distinct texts of a categorical column
	Distinct   int // distinct values of a text, time or id column
	Rows       int // distinct rows
	Sample     int // rows with all their cells
	Coded      int // rows with a short code of each cell, to compare whole rows

	// IDKey is the key of the hashes of ids, which are all that is kept of them then;
	// nil: ids are kept in the sample of rows, and their hashes without a key.
	IDKey []byte

	Segments *Options // how much of a segment; of its whole rows nothing is kept
}

// The usual choices.
var (
	// Stored is what the profile of a batch keeps: about 100 kB for 20 columns,
	// and a tenth of that for each segment of many rows.
	Stored = Options{Cells: 4096, Categories: 4096, Distinct: 512, Rows: 1024, Sample: 128, Coded: 1024, Segments: &Options{Cells: 512, Categories: 512}}

	// Baseline is what batches are compared with.
	Baseline = Options{Cells: 16384, Categories: 16384, Distinct: 4096, Rows: 4096, Sample: 512, Coded: 4096, Segments: &Options{Cells: 2048, Categories: 2048}}

	// Exact keeps everything of up to 131,072 distinct rows but the rows
	// themselves, of which it keeps a sample of codes: for one comparison, after
	// which the profile is dropped.
	Exact = Options{Cells: 131072, Categories: 131072, Distinct: 131072, Rows: 131072, Coded: 4096, Segments: &Options{Cells: 131072, Categories: 131072}}
)

// Keyed is the same with a key for the hashes of ids.
func (o Options) Keyed(key []byte) *Options {
	o.IDKey = key
	return &o
}
