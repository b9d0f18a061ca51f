package cause_test

import (
	"slices"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// populations are public data in parts that differ by who is in them, of which
// none is faulty: each part is compared with each other one.
var populations = []struct {
	name, file string
	header     []string // nil: the file has one
	drop       []string
	by         []string            // columns that the data are cut by, one after the other
	with       map[string][]string // what such a column determines: without a trade there is no occupation
}{
	{"adults", "adult/adult_train.csv.gz", []string{"age", "workclass", "fnlwgt", "education", "education-num", "marital", "occupation", "relationship", "race", "sex", "gain", "loss", "hours_worked", "country", "income"},
		[]string{"relationship"}, []string{"sex", "race", "income", "workclass", "marital", "education"}, map[string][]string{"workclass": {"occupation"}}},
	{"defendants", "compas/compas_two_years_noids.csv.gz", nil,
		[]string{"id", "c_jail_in", "c_jail_out", "r_jail_in", "r_jail_out", "vr_charge_desc"}, []string{"sex", "race", "age_cat", "score_text", "c_charge_degree", "two_year_recid"}, map[string][]string{"two_year_recid": {"is_recid", "event"}}},
	{"borrowers", "credit_default/uci_credit_card.csv.gz", nil, nil, []string{"SEX", "EDUCATION", "MARRIAGE", "default.payment.next.month"}, nil},
	{"passengers in taxis", "nyc_taxi_sample/taxis.csv.gz", nil, []string{"pickup", "dropoff"}, []string{"payment", "color", "passengers", "pickup_borough"}, map[string][]string{"payment": {"tip"}}},
	{"bookings", "hotel_bookings/reference.csv.gz", nil, []string{"timestamp", "Index"}, []string{"hotel", "customer_type", "market_segment", "distribution_channel", "meal", "is_canceled", "country", "y_pred"}, map[string][]string{"market_segment": {"company"}}},
	{"rides", "bike_sharing/hour.csv.gz", nil, []string{"instant", "dteday"}, []string{"workingday", "weathersit", "season", "yr"}, nil},
	{"winds", "beijing_pm25/pollution.csv.gz", nil, []string{"No"}, []string{"cbwd", "year"}, nil},
}

// TestPopulationsHaveNoCause: between women and men, countries and trades all
// differs by itself, and nothing is called a fault.
func TestPopulationsHaveNoCause(t *testing.T) {
	compared, drifted := 0, 0
	for _, s := range populations {
		header, lines := public(t, s.file)
		if s.header != nil {
			header, lines = s.header, append([][]string{header}, lines...)
		}
		for _, by := range s.by {
			at := slices.Index(header, by)
			var profiles []*profile.Dataset
			var columns []schema.Column
			kinds := layout(header, lines, slices.Concat(s.drop, s.with[by], []string{by})...)
			for _, part := range parts(lines, func(line []string) string { return line[at] }) {
				if len(part) < 300 || len(profiles) == 5 {
					continue
				}
				table := filled(header, kinds, part[:min(len(part), 3000)])
				columns = table.columns()
				profiles = append(profiles, table.profile(&profile.Stored))
			}
			for i, ref := range profiles {
				for k, cur := range profiles {
					if i == k || testing.Short() && (i+k)%3 > 0 {
						continue
					}
					j := judged(t, ref, cur, columns)
					compared, drifted = compared+1, drifted+len(j.Findings)
					for column, c := range causes(j) {
						t.Errorf("%s by %s, %d against %d: %s is called %s: %s", s.name, by, k, i, column, c.Kind, c.Evidence)
					}
				}
			}
		}
	}
	t.Logf("%d comparisons, %d findings", compared, drifted)
	if compared < 60 || drifted < 8*compared {
		t.Errorf("%d findings in %d comparisons prove little", drifted, compared)
	}
}
