package report

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/metric"
	"leeway/core/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test ./core/report -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got): if that is meant, run go test ./core/report -update\n%s", name, diff)
	}
}

func number(x float64) *float64 { return &x }

func category(s string) *string { return &s }

// bell is the share of a normal distribution in n cells of [low, high].
func bell(edges []float64, mean, std float64) []float64 {
	cdf := func(x float64) float64 { return 0.5 * math.Erfc(-(x-mean)/(std*math.Sqrt2)) }
	shares := make([]float64, len(edges)-1)
	for i := range shares {
		shares[i] = math.Round(1e4*(cdf(edges[i+1])-cdf(edges[i]))) / 1e4
	}
	return shares
}

func edges(low, high float64, n int) []float64 {
	at := make([]float64, n+1)
	for i := range at {
		at[i] = math.Round(1e6*(low+float64((high-low)*float64(i))/float64(n))) / 1e6
	}
	return at
}

func numeric(name string, role schema.Role, rows [2]int64, at []float64, mean, std, mean2, std2 float64) Column {
	side := func(rows int64, mean, std float64) *Description {
		q := func(z float64) float64 { return math.Round(100*(mean+z*std)) / 100 }
		return &Description{Rows: rows, Missing: rows / 200, MissingRatio: float64(rows/200) / float64(rows), Distinct: 341, Exact: true,
			Mean: number(q(0.02)), Std: number(std), Min: number(at[0]), Max: number(at[len(at)-1]),
			Quantiles: &Quantiles{q(-2.33), q(-1.64), q(-.67), q(0), q(.67), q(1.64), q(2.33)}}
	}
	return Column{Name: name, Kind: schema.Numeric, Role: role, Reference: side(rows[0], mean, std), Current: side(rows[1], mean2, std2),
		Distribution: &Distribution{Edges: at, Reference: bell(at, mean, std), Current: bell(at, mean2, std2)}}
}

func categorical(name string, role schema.Role, rows [2]int64, names []string, ref, cur []float64) Column {
	side := func(rows int64, shares []float64) *Description {
		d := &Description{Rows: rows, Distinct: float64(len(names)), Exact: true}
		for i, share := range shares {
			if share > 0 && i < 5 {
				d.Top = append(d.Top, Category{names[i], int64(math.Round(share * float64(rows)))})
			}
		}
		return d
	}
	return Column{Name: name, Kind: schema.Categorical, Role: role, Reference: side(rows[0], ref), Current: side(rows[1], cur),
		Distribution: &Distribution{Names: names, Other: len(names) > 6, Reference: ref, Current: cur}}
}

// fixture is a report with one of everything.
func fixture() *Report {
	rows := [2]int64{16913, 4210}
	tail := append(append([]float64{0}, edges(10, 400, 38)...), 5400)
	r := &Report{
		Version: Version, ID: "9f2c41d07a3be815", Model: "hotel-cancellation", Created: "2017-02-01T00:07:12Z",
		Supersedes: "04aa41d07a3be1f0",
		Window:     &Window{"2017-01-01T00:00:00Z", "2017-02-01T00:00:00Z"},
		Reference: Side{Rows: rows[0], Baseline: "b-20161201-7f3a", Objects: []Object{
			{Key: "reference/hotel-cancellation/2016.csv.gz", Rows: rows[0], Bytes: 812_443, ETag: "5d41402abc", Format: "csv.gz"}}},
		Current: Side{Rows: rows[1], Objects: []Object{
			{Key: "logs/hotel-cancellation/2017-01-02.parquet", Rows: 2110, Bytes: 96_120, ETag: "7d793037a0", Format: "parquet"},
			{Key: "logs/hotel-cancellation/2017-01-03.csv", Rows: 2100, Bytes: 402_771, ETag: "aab3238922", Format: "csv", Faults: []Fault{
				{Column: "adr", What: "not a number", Row: 812, Text: "12,50 €", Count: 14}, {What: "row has 29 fields instead of 30", Row: 1999, Text: "…", Count: 1}}}}},
		Verdict: Alert,
		Summary: "3 of 14 columns drifted, `lead_time` the most, and the model's predictions with them. One column that the model needs is missing.",
		Checks:  Checks{"quality": {Alert, 81}, "drift": {Alert, 30}},
		Notes:   []string{"booking_id plays the role id: it is called customer_id in 2017-01-03.csv", "2017-01-03.csv is separated by semicolons"},
		Sinks:   []SinkOutcome{{Name: "prometheus", OK: true}, {Name: "webhook", Error: "connection refused"}},
	}
	r.Columns = []Column{
		numeric("lead_time", schema.Feature, rows, tail, 104, 60, 187, 75),
		numeric("adr", schema.Feature, rows, edges(0, 300, 40), 100, 32, 102, 33),
		categorical("country", schema.Feature, rows, []string{"PRT", "GBR", "FRA", "ESP", "DEU", "ITA", "IRL", "all others"},
			[]float64{.41, .17, .11, .09, .07, .04, .03, .08}, []float64{.29, .16, .10, .19, .08, .03, .01, .14}),
		categorical("market_segment", schema.Feature, rows, []string{"Online TA", "Offline TA/TO", "Direct", "Groups", "Metaverse"},
			[]float64{.52, .22, .14, .12, 0}, []float64{.47, .21, .14, .12, .06}),
		numeric("score", schema.Score, rows, edges(0, 1, 40), .37, .13, .46, .15),
		categorical("prediction", schema.Prediction, rows, []string{"0", "1"}, []float64{.71, .29}, []float64{.58, .42}),
		categorical("is_canceled", schema.Label, rows, []string{"0", "1"}, []float64{.63, .37}, []float64{.62, .38}),
		numeric("stays_in_week_nights", schema.Feature, rows, edges(-.5, 19.5, 20), 2.5, 1.9, 2.6, 1.9),
		numeric("adults", schema.Feature, rows, edges(-.5, 4.5, 5), 1.86, .5, 1.9, .5),
		{Name: "arrival", Kind: schema.Time, Role: schema.Timestamp,
			Reference: &Description{Rows: rows[0], Distinct: 366, Exact: true, First: "2016-01-01T00:00:00Z", Last: "2016-12-31T00:00:00Z"},
			Current:   &Description{Rows: rows[1], Distinct: 31, Exact: true, First: "2017-01-01T00:00:00Z", Last: "2017-01-31T00:00:00Z"}},
		{Name: "booking_id", Kind: schema.Text, Role: schema.ID, Reference: &Description{Rows: rows[0], Distinct: 16913, Exact: true}, Current: &Description{Rows: rows[1], Distinct: 4210, Exact: true}},
		{Name: "deposit_type", Kind: schema.Categorical, Role: schema.Feature, Reference: &Description{Rows: rows[0], Distinct: 3, Exact: true,
			Top: []Category{{"No Deposit", 14000}, {"Non Refund", 2900}, {"Refundable", 13}}}},
		{Name: "loyalty_tier", Kind: schema.Categorical, Role: schema.Feature, Current: &Description{Rows: rows[1], Distinct: 4, Exact: true,
			Top: []Category{{"none", 3900}, {"gold", 200}}}},
		categorical("gender", schema.Sensitive, rows, []string{"f", "m"}, []float64{.51, .49}, []float64{.505, .495}),
	}
	column := func(name string) metric.Labels { return metric.Labels{Column: name} }
	r.Findings = []Finding{
		{ID: "f-31c0", Check: "quality", Metric: "missing_column", Labels: column("deposit_type"), Severity: SeverityAlert, NReference: rows[0],
			Message: "The column deposit_type is missing from the current data; the model was built with it.", Hint: "Restore the column upstream, or take it out of the configuration and retrain."},
		{ID: "f-8810", Check: "drift", Metric: "js_distance", Labels: column("lead_time"), Severity: SeverityAlert, Value: number(.412), Effect: number(.391),
			NoiseFloor: number(.021), P: number(3.2e-211), Q: number(3.5e-210), Threshold: number(.1), Interval: &[2]float64{.398, .427}, Detectable: number(.038),
			NReference: 16829, NCurrent: 4189, Streak: 3,
			Message: "`lead_time` is much larger than it was: its median went from 104 to 187.", Hint: "Check `lead_time` for a new booking channel or a change of season; if it is here to stay, retrain on recent data.",
			Cause:         &Cause{Kind: "unit_change", Evidence: "the median went from 104 to 187; divided by 1.8, the current values agree with the reference", Explains: .93, Factor: number(1.8), Offset: number(32)},
			Contributions: []Contribution{{Bin: &[2]*float64{number(270), nil}, Reference: .1, Current: .31}, {Bin: &[2]*float64{number(0), number(0)}, Reference: .12, Current: .02}, {Bin: &[2]*float64{nil, number(12)}, Reference: .1, Current: .04}}},
		{ID: "f-8811", Check: "quality", Metric: "out_of_range_ratio", Labels: column("lead_time"), Severity: SeverityWarn, Value: number(.0131), Effect: number(.0131),
			NoiseFloor: number(0), P: number(1e-30), Q: number(8e-30), Threshold: number(.02), NReference: 16829, NCurrent: 4189,
			Message: "1.3% of lead_time lies outside the range of the reference (0 to 737).", Hint: "Look at the largest values: a changed unit shows like this."},
		{ID: "f-8812", Check: "drift", Metric: "js_distance", Labels: column("country"), Severity: SeverityAlert, Value: number(.168), Effect: number(.151),
			NoiseFloor: number(.017), P: number(4e-96), Q: number(4e-95), Threshold: number(.1), Interval: &[2]float64{.151, .186}, Detectable: number(.044), NReference: 16913, NCurrent: 4210,
			Message: "The mix of `country` changed: ESP went from 9% to 19%, PRT from 41% to 29%.", Hint: "Ask whether a campaign or a partner changed where guests come from.",
			Cause:         &Cause{Kind: "default_value", Evidence: "ESP went from 9% to 19% of the values", Explains: 1, Value: "ESP", Hours: number(-3), Bound: number(60), Step: number(1), Columns: []string{"market_segment"}},
			Contributions: []Contribution{{Category: category("ESP"), Reference: .09, Current: .19}, {Category: category("PRT"), Reference: .41, Current: .29}}},
		{ID: "f-8813", Check: "drift", Metric: "js_distance", Labels: column("score"), Severity: SeverityWarn, Value: number(.094), Effect: number(.078),
			NoiseFloor: number(.016), P: number(1e-40), Q: number(6e-40), Threshold: number(.1), Interval: &[2]float64{.08, .11}, Detectable: number(.04), NReference: 16913, NCurrent: 4210,
			Message: "The model's score is somewhat higher than it was: its median went from 0.37 to 0.46.", Hint: "Look at the drifted features first: the score follows them."},
		{ID: "f-8814", Check: "quality", Metric: "unseen_category_ratio", Labels: column("market_segment"), Severity: SeverityWarn, Value: number(.06), Effect: number(.06),
			NoiseFloor: number(.0002), P: number(0), Q: number(0), Threshold: number(.1), NReference: 16913, NCurrent: 4210,
			Message: "6% of market_segment is a category that the reference does not have: Metaverse.", Hint: "Allow the category in the configuration if it is real, and retrain."},
		{ID: "f-8815", Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "gender", Segment: "country=IRL"}, Severity: SeverityUnknown, Value: number(.08),
			Detectable: number(.31), Threshold: number(.1), NReference: 507, NCurrent: 42,
			Message: "42 rows are too few to tell whether gender changed in country=IRL; about 400 are needed.", Hint: "Wait for more rows, or watch a longer window."},
		{ID: "f-8816", Check: "quality", Metric: "unexpected_column", Labels: column("loyalty_tier"), Severity: SeverityInfo, NCurrent: 4210,
			Message: "The column loyalty_tier is new; the contract does not know it.", Hint: "Add it to the configuration to have it watched, or ignore it."},
	}
	r.Groups = []Group{{Columns: []string{"lead_time", "country"}, Kind: "unit_change", Message: "`lead_time` arrives in another unit, and `country` likewise."}}
	r.Findings[1].Segments = []Part{{Segment: "channel=web", Severity: SeverityAlert, Value: number(.5), Effect: number(.47)}, {Segment: "channel=(other)", Severity: SeverityWarn, Value: number(.2), Effect: number(.17)}}
	r.Segments = []Segment{
		{Name: "channel=(other)", NReference: 6000, NCurrent: 1500, Verdict: OK, Tests: 20, Column: "adr", Metric: "js_distance", Value: number(.03), Effect: number(0)},
		{Name: "channel=web", NReference: 10913, NCurrent: 2710, Verdict: Alert, Tests: 21, Column: "lead_time", Metric: "js_distance", Value: number(.5), Effect: number(.47)},
		{Name: "country=IRL", NReference: 507, NCurrent: 42, Verdict: Unknown, Tests: 9, Column: "gender", Metric: "js_distance", Value: number(.08), Effect: number(0)},
	}
	r.Samples = []metric.Sample{
		{Check: "quality", Metric: "rows", Value: 4210, P: math.NaN(), Exact: true, NReference: rows[0], NCurrent: rows[1]},
		{Check: "drift", Metric: "ks_statistic", Labels: column("lead_time"), Value: .44, P: 1e-300, Exact: true, NReference: 16829, NCurrent: 4189},
		{Check: "drift", Metric: "wasserstein_normed", Labels: column("adults"), Value: math.NaN(), P: math.NaN(), Exact: true, NReference: 10, NCurrent: 10, Reason: "the reference's standard deviation is 0"},
	}
	return r
}

// wide is a report on n columns, each with a finding, name by name(i).
func wideReport(n int, name func(int) string) *Report {
	r := fixture()
	samples, findings, columns := r.Samples, r.Findings, r.Columns
	r.Samples, r.Findings, r.Columns = nil, nil, nil
	for i := range n {
		c := columns[i%9]
		c.Name = name(i)
		r.Columns = append(r.Columns, c)
		for _, f := range []Finding{findings[1], findings[2]} {
			f.Labels.Column, f.Message = c.Name, strings.Replace(f.Message, "lead_time", c.Name, 1)
			r.Findings = append(r.Findings, f)
		}
		for _, q := range []string{"mean", "std", "missing_ratio", "distinct", "psi", "ks_statistic"} {
			s := samples[1]
			s.Metric, s.Labels.Column = q, c.Name
			r.Samples = append(r.Samples, s)
		}
	}
	return r
}

func feature(i int) string { return fmt.Sprintf("feature_%03d", i) }
