package cost

// Measured is what the pipeline takes, as scripts/bench/work printed it: the
// formulas are its lines, fitted by hand.
var Measured = struct {
	On            string  // when and on what
	CPU           float64 // seconds of a processor for a batch
	CPUPerColumn  float64 // more, for each column
	CPUPerCell    float64 // more, for each row and column
	Gets          float64 // requests for a batch: reads
	GetsPerBatch  float64 // more when a function has just started, for each batch of the past
	GetsPerWindow float64 // and for each window of it
	AtOnce        float64 // of these, as many as are read at the same time
	IdleGets      float64 // reads when nothing has come
	Puts, Lists   float64 // requests for a batch
	KeptPerColumn float64 // bytes of state for a batch and column
	KeptPerRow    float64 // and for a row, while labels may come
	KeptOfRows    float64 // and for a sample of them, at most
	RowsSampled   float64 // rows from which on the sample is no larger
	CPUPerLabel   float64 // seconds of a processor for a label that is joined
	CellBytes     float64 // of a cell in a CSV file
}{
	On:  "2026-11-29, one processor of a shared x86-64 machine, Go 1.26",
	CPU: 0.02, CPUPerColumn: 0.0023, CPUPerCell: 1.4e-7,
	Gets: 17, GetsPerBatch: 1, GetsPerWindow: 2, AtOnce: 16, IdleGets: 5, Puts: 7, Lists: 23,
	KeptPerColumn: 16_500, KeptPerRow: 17.5, KeptOfRows: 340_000, RowsSampled: 4000, CPUPerLabel: 2e-6, CellBytes: 8,
}

// Assumed is what could not be measured without the cloud.
var Assumed = struct {
	SlowerBy       float64 // how much slower a processor of Lambda may be
	RequestSeconds float64 // until a request to S3 is answered
	ColdReminders  float64 // share of reminders that meet a function that has just started
	JobMinutes     float64 // that a job of SageMaker Processing is billed for at least
}{SlowerBy: 2, RequestSeconds: 0.015, ColdReminders: 1, JobMinutes: 5}
