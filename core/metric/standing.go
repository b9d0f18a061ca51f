package metric

// Standing is a series that is there for every model, whatever its checks find:
// every sink has it under this name.
type Standing struct {
	Name   string   // leeway_...
	Kind   string   // gauge or counter
	Unit   string   // as in [Desc]
	Labels []string // beside model, which each has
	Help   string   // one sentence or two
	Pushed bool     // only for sinks that push: who scrapes subtracts a time from now himself
	Pulled bool     // only for who scrapes: it says nothing of the newest window, and sinks are paid by the series
}

// Whole is the check label of what concerns all checks together.
const Whole = "all"

// The standing series, by the names that code needs.
const (
	Verdict        = "leeway_verdict"
	DriftedColumns = "leeway_drifted_columns"
	DriftedRatio   = "leeway_drifted_ratio"
	Rows           = "leeway_rows"
	Findings       = "leeway_findings"
	Batches        = "leeway_batches_total"
	Windows        = "leeway_windows"
	LastBatch      = "leeway_last_batch_timestamp_seconds"
	LastBatchAge   = "leeway_last_batch_age_seconds"
	ModelErrors    = "leeway_model_errors"
	RunSeconds     = "leeway_run_seconds"
	RunBytes       = "leeway_run_bytes"
	Realized       = "leeway_realized"
	RealizedGuess  = "leeway_realized_estimate"
	RealizedEnd    = "leeway_realized_window_end_timestamp_seconds"
	EstimateError  = "leeway_estimate_error"
	EstimateHeld   = "leeway_estimate_held_ratio"
	EstimateTrust  = "leeway_estimate_trusted"
	LabelIDs       = "leeway_label_ids"
	Unmatched      = "leeway_labels_unmatched"
	LateLabels     = "leeway_labels_late"
	Duplicates     = "leeway_labels_duplicate"
	Conflicting    = "leeway_labels_conflicting"
)

// StandingSeries is the table of them, in the order in which they are shown.
var StandingSeries = []Standing{
	{Name: Verdict, Kind: "gauge", Labels: []string{"check"},
		Help: "Verdict of the newest window by check, and over all of them: 0 ok, 1 warn, 2 alert, -1 unknown. Over all it is -2, invalid, while the newest batch cannot be read."},
	{Name: DriftedColumns, Kind: "gauge", Help: "Columns of the newest window that drifted."},
	{Name: DriftedRatio, Kind: "gauge", Unit: "ratio", Help: "Columns of the newest window that drifted, as a share of those tested for it."},
	{Name: Rows, Kind: "gauge", Help: "Rows of the newest window."},
	{Name: Findings, Kind: "gauge", Labels: []string{"severity"}, Help: "Findings of the newest window by severity."},
	{Name: Batches, Kind: "counter", Labels: []string{"verdict"},
		Help: "Batches that were judged, by the verdict of their window, again when that becomes another; content that was there before is not counted, and invalid ones, label files among them, could not be read."},
	{Name: Windows, Kind: "gauge", Labels: []string{"verdict"}, Help: "Windows by their present verdict; one that is not whole yet counts once it is judged."},
	{Name: LastBatch, Kind: "gauge", Unit: "seconds", Help: "When the newest batch arrived, in seconds since 1970."},
	{Name: LastBatchAge, Kind: "gauge", Unit: "seconds", Pushed: true, Help: "Seconds since the newest batch arrived, as of the last run or heartbeat."},
	{Name: ModelErrors, Kind: "gauge", Help: "Errors that stop the model's runs, such as those in its configuration: while there are any, new batches wait and all else is as of the last report."},
	{Name: RunSeconds, Kind: "gauge", Unit: "seconds", Help: "Seconds that this process last spent on pending batches, 0 before it met any."},
	{Name: RunBytes, Kind: "gauge", Unit: "bytes", Help: "Bytes of the batches that were last worked on; those of the newest batch before this process met any."},
	{Name: Realized, Kind: "gauge", Labels: []string{"metric"}, Help: "What came true of a metric of performance in the newest window whose labels came."},
	{Name: RealizedGuess, Kind: "gauge", Labels: []string{"metric"}, Help: "What that metric had been estimated to be for the same rows."},
	{Name: RealizedEnd, Kind: "gauge", Unit: "seconds", Help: "End of the newest window whose labels came, in seconds since 1970."},
	{Name: EstimateError, Kind: "gauge", Labels: []string{"metric"}, Help: "By how much estimates of a metric of performance were off, on average over the windows whose labels came: the last 30."},
	{Name: EstimateHeld, Kind: "gauge", Unit: "ratio", Labels: []string{"metric"}, Help: "Share of those windows where what came true was within the 95% interval of its estimate."},
	{Name: EstimateTrust, Kind: "gauge", Help: "1 if nothing that came true says that estimates cannot be trusted, 0 if something does."},
	{Name: LabelIDs, Kind: "gauge", Pulled: true, Help: "Distinct ids in the label files of the model."},
	{Name: Unmatched, Kind: "gauge", Pulled: true, Help: "Those that no row has so far, of any window or of the reference: they wait for theirs."},
	{Name: LateLabels, Kind: "gauge", Pulled: true, Help: "Those whose labels came later than labels.horizon allows for their rows, by at most as long again; later ones are unmatched."},
	{Name: Duplicates, Kind: "gauge", Pulled: true, Help: "Rows of the label files that say again what another says."},
	{Name: Conflicting, Kind: "gauge", Pulled: true, Help: "Distinct ids with labels in the files that contradict each other."},
}

// The series of a function itself, of one call each.
const (
	FunctionSeconds = "leeway_function_seconds"
	FunctionBytes   = "leeway_function_bytes"
	FunctionCold    = "leeway_function_cold_starts"
	FunctionFaults  = "leeway_function_faults"
)

// FunctionSeries is what a function tells of itself beside models, of calls that read
// something or met a fault. All have the label function; faults are only there when
// there are any.
var FunctionSeries = []Standing{
	{Name: FunctionSeconds, Kind: "gauge", Unit: "seconds", Help: "Seconds that a call took."},
	{Name: FunctionBytes, Kind: "gauge", Unit: "bytes", Help: "Bytes of the batches that it read."},
	{Name: FunctionCold, Kind: "gauge", Help: "1 for the first call of a process, 0 for the others."},
	{Name: FunctionFaults, Kind: "gauge", Labels: []string{"kind"}, Help: "What went wrong in the call, by the kind of fault."},
}

// Doctor is put by a function that examines itself, to see whether metrics can be.
var Doctor = Standing{Name: "leeway_doctor", Kind: "gauge", Help: "1 each time doctor tries whether the function can put metrics."}

// StandingByName is the series of that name.
func StandingByName(name string) (Standing, bool) {
	for _, s := range StandingSeries {
		if s.Name == name {
			return s, true
		}
	}
	return Standing{}, false
}
