package metric

// Alarm is a rule over a standing series that deserves somebody's attention. The
// rules are made once, for every service that evaluates alarms by itself.
type Alarm struct {
	Name    string            // lower case, part of the alarm's name
	Series  string            // a standing series
	Labels  map[string]string // beside model
	Over    bool              // the value is at the limit or above it; else at it or below
	Limit   float64           // 0 with Setting
	Setting string            // the user's setting that is the limit, "" for none
	Period  int               // seconds that one value is looked at over
	Periods int               // that are looked at
	Needed  int               // of these, at the limit
	Help    string            // what it means and what to do, in a message
	Effect  bool              // a mere effect where the machinery itself is broken: it says nothing then
}

// Alarms is the table. Values are sparse: a model without a new batch has none,
// so an alarm stays as it is until there is one.
var Alarms = []Alarm{
	{Name: "verdict", Series: Verdict, Labels: map[string]string{"check": Whole}, Over: true, Limit: 2, Period: 300, Periods: 12, Needed: 1,
		Help: "The newest window is in alert: a change that is more than noise and that matters. The report says which and what to do."},
	{Name: "invalid", Series: Verdict, Labels: map[string]string{"check": Whole}, Limit: -2, Period: 300, Periods: 12, Needed: 1,
		Help: "The newest batch cannot be read. It is in quarantine/ with the reason; mend it and drop it again."},
	{Name: "stopped", Series: ModelErrors, Over: true, Limit: 1, Period: 300, Periods: 12, Needed: 1,
		Help: "Something stops the model's runs, such as an error in its configuration: new batches wait. The function's log says what to do."},
	{Name: "stale", Series: LastBatchAge, Over: true, Setting: "max_age_hours", Period: 3600, Periods: 2, Needed: 2, Effect: true,
		Help: "No batch has arrived for longer than it should take. Look at what writes the logs."},
}

// Panel is one chart of a dashboard.
type Panel struct {
	Title  string
	Series string   // a standing series, or
	Check  string   // all metrics of that check that lie within -1 and 1, or with Errors
	Errors bool     // those without a bound of which less is better
	Values []string // of the series' label, one line each; none for all that there are
	Low    *float64 // of the axis
	High   *float64
}

func at(x float64) *float64 { return &x }

// Panels is what a dashboard of a model shows, in reading order: is something
// wrong, how much moved, how good is it, do batches come.
var Panels = []Panel{
	{Title: "Verdict (0 ok, 1 warn, 2 alert, −1 unknown, −2 invalid)", Series: Verdict, Values: []string{Whole, "quality", "drift", "performance", "confidence", "fairness"}, Low: at(-2), High: at(2)},
	{Title: "Findings of the newest window", Series: Findings, Values: []string{"alert", "warn", "unknown"}, Low: at(0)},
	{Title: "Columns that drifted", Series: DriftedColumns, Low: at(0)},
	{Title: "Drift by column (the worst five, or all with detail: all)", Check: "drift", Low: at(0)},
	{Title: "What came true, once labels are there", Series: Realized},
	{Title: "What it had been estimated to be", Series: RealizedGuess},
	{Title: "Quality by column (detail: all, or where it was found wanting)", Check: "quality"},
	{Title: "Rows of the newest window", Series: Rows, Low: at(0)},
	{Title: "Seconds since the newest batch", Series: LastBatchAge, Low: at(0)},
	{Title: "Seconds of the last run", Series: RunSeconds, Low: at(0)},
	{Title: "Errors that stop the model", Series: ModelErrors, Low: at(0)},
	{Title: "Performance (detail: all)", Check: "performance"},
	{Title: "Errors of predictions (detail: all)", Check: "performance", Errors: true, Low: at(0)},
	{Title: "Confidence and estimates (detail: all)", Check: "confidence"},
	{Title: "Fairness (detail: all)", Check: "fairness"},
}
