package quality

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
)

var (
	whole     []string
	perColumn = []string{"column", "role"}
)

// Table lists the metrics.
var Table = []metric.Desc{
	{Check: Name, Name: "rows", Unit: "rows", High: math.Inf(1), Labels: whole,
		Help:    "Rows of the window.",
		Formula: "count of rows; against the 30 windows before: t-prediction on log rows, if 8 of them have any",
		Use:     "A window with far fewer or more rows than usual is incomplete, doubled or cut: check what delivers the batches.",
		Needs:   "nothing; no rows at all is an alert. The test needs 8 earlier windows"},
	{Check: Name, Name: "duplicate_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: whole,
		Help:    "Share of rows that equal an earlier row in every column that is not ignored.",
		Formula: "1 - distinct rows / rows; tested given how often each row occurs on both sides together",
		Use:     "Batches that were delivered twice, or a join that multiplied rows.",
		Needs:   "a row; undefined where rows look equal and the files have columns that the configuration does not know. The test needs reference rows of the same columns (labels may be missing where rows have an id), and a row that occurs twice somewhere"},
	{Check: Name, Name: "freshness_seconds", Unit: "seconds", Low: math.Inf(-1), High: math.Inf(1), Better: "lower", Labels: whole,
		Help:    "Time between the newest row and the end of the window.",
		Formula: "window end - newest value of the time column",
		Use:     "Grows when the stream dries up before the window ends.",
		Needs:   "a column of role time with a value, and a window with an end; without such a column there is no sample"},
	{Check: Name, Name: "missing_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: perColumn,
		Help:    "Share of rows without a value.",
		Formula: "missing / rows; hypergeometric test against the reference, or binomial against the configured share",
		Use:     "A jump means a broken join, a field that was renamed, a sensor that fell silent. Missing values are left out of the drift metrics, so look here first.",
		Needs:   "a row; a column that the data lack has no sample (see missing_column). All missing is 1"},
	{Check: Name, Name: "type_mismatch_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: perColumn,
		Help:    "Share of values that are not of the column's kind.",
		Formula: "unparsable / non-missing; hypergeometric test against the reference",
		Use:     "Text in a numeric column, another date layout, infinity. Such cells are left out of all other metrics of the column.",
		Needs:   "a cell that is not missing"},
	{Check: Name, Name: "out_of_range_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: perColumn,
		Help:    "Share of values outside the allowed range.",
		Formula: "values outside the configured min..max, else outside the reference's, / valid values; exact exceedance test, and a t-prediction limit for extremes where the reference has windows",
		Use:     "A unit that changed, a default like 9999, a new kind of customer. Set min and max in the configuration to say what is allowed.",
		Needs:   "a value, and a configured bound or a value in the reference. One configured bound leaves the other end open"},
	{Check: Name, Name: "outlier_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: perColumn,
		Help:    "Share of values far outside the middle of the reference.",
		Formula: "values outside Q1 - 3·IQR .. Q3 + 3·IQR of the reference / valid values",
		Use:     "Watch it over time for columns that feed a mean or a linear model.",
		Needs:   "a value on each side. A reference that does not vary leaves no room: every other value is an outlier"},
	{Check: Name, Name: "unseen_category_ratio", Unit: "ratio", High: 1, Better: "lower", Labels: perColumn,
		Help:    "Share of values that the reference did not have.",
		Formula: "values not in `allowed`, else not among the reference's, / non-missing; exact bound given the pooled counts",
		Use:     "The model has learnt nothing about these: extend the training data, or map them to what is known.",
		Needs:   "a value, and a configured list or a value in the reference"},
	{Check: Name, Name: "distinct", High: math.Inf(1), Labels: perColumn,
		Help:    "Number of distinct values.",
		Formula: "distinct non-missing values; an estimate (1.6%) where exact is false",
		Use:     "1 where there used to be many: a constant column carries nothing. Equal to rows: probably an identifier.",
		Needs:   "a kind whose values are counted: not embeddings. No values give 0"},
	{Check: Name, Name: "mean", Low: math.Inf(-1), High: math.Inf(1), Labels: perColumn,
		Help: "Arithmetic mean.", Formula: "Σx / n, summed exactly", Use: "For dashboards; drift looks at the whole distribution.",
		Needs: "a value; undefined where it is beyond float64"},
	{Check: Name, Name: "std", High: math.Inf(1), Labels: perColumn,
		Help: "Sample standard deviation.", Formula: "sqrt(Σ(x - mean)² / (n-1))", Use: "For dashboards; undefined for fewer than two values.",
		Needs: "two values; undefined where it is beyond float64. A constant has 0"},
	{Check: Name, Name: "min", Low: math.Inf(-1), High: math.Inf(1), Labels: perColumn,
		Help: "Smallest value.", Formula: "min x", Use: "Compare it with what is physically possible.",
		Needs: "a value"},
	{Check: Name, Name: "max", Low: math.Inf(-1), High: math.Inf(1), Labels: perColumn,
		Help: "Largest value.", Formula: "max x", Use: "Compare it with what is physically possible.",
		Needs: "a value"},
	{Check: Name, Name: "quantile", Low: math.Inf(-1), High: math.Inf(1), Labels: []string{"column", "role", "q"},
		Help: "Quantile of the values.", Formula: "numpy.quantile(x, q), linear, for q in 0.01 0.05 0.25 0.5 0.75 0.95 0.99",
		Use: "For dashboards: how the middle and the tails move over time.", Cite: "numpy.quantile",
		Needs: "a value; between two values it is interpolated, one value is every quantile"},
}

// Events are findings that are no metric: their name and what they mean.
var Events = []metric.Desc{
	{Check: Name, Name: "missing_column", Labels: []string{"column"},
		Help: "A column of the contract is absent.", Use: "Whatever reads the logs will miss it too: find out who renamed or dropped it."},
	{Check: Name, Name: check.DroppedRatio, Labels: whole,
		Help:    "Rows that could not be read and were left out: more of them than in the reference.",
		Formula: "rows of the files without the right number of fields, or lines that are no JSON object, / all rows of the files; hypergeometric test against the reference, material from 0.01. A file that is part of several windows has such rows counted in each by its share of the others",
		Use:     "What is left may look as before and still be another selection. Mend what writes the files: a delimiter in a text without quotes, a file that was cut short."},
	{Check: Name, Name: "unexpected_column", Labels: []string{"column"},
		Help: "A column that the contract does not know.", Use: "Harmless by itself. Add it to the configuration, or set its role to ignore."},
	{Check: Name, Name: "renamed_column", Labels: []string{"column"},
		Help: "A column stands under another name.", Use: "Leeway reads it as the contract's column. Use one name everywhere to be sure."},
	{Check: Name, Name: "shifted_time", Labels: []string{"column"},
		Help: "The first and the last time of a column have moved by the same whole hours within the day.", Use: "One side takes local time for UTC or the other way round; or windows are cut at another hour, which is harmless."},
	{Check: Name, Name: "constant", Labels: []string{"column"},
		Help: "A column that varied has one value only.", Use: "A default has replaced the real values: check what fills the column."},
}
