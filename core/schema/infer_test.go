package schema

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inferred says what each column of the data sets should be: a line for each
// role (none: a feature) and kind.
var inferred = []struct{ file, want string }{
	{"adult/adult_train.csv.gz", `
task none
integer: column_1 column_3 column_5 column_11 column_12 column_13
categorical: column_2 column_4 column_6 column_7 column_8 column_9 column_10 column_14 column_15
`},
	{"beijing_pm25/pollution.csv.gz", `
task none
id text: No
integer: year day hour pm2.5 DEWP TEMP Is Ir
categorical: month cbwd
numeric: PRES Iws
`},
	{"bike_sharing/day.csv.gz", `
task none
id text: instant
time time: dteday
categorical: season mnth weekday weathersit
integer: yr casual registered cnt
boolean: holiday workingday
numeric: temp atemp hum windspeed
`},
	{"bike_sharing/hour.csv.gz", `
task none
id text: instant
time time: dteday
categorical: season mnth weekday weathersit
integer: yr hr casual registered cnt
boolean: holiday workingday
numeric: temp atemp hum windspeed
`},
	{"churn_sagemaker/training_with_header.csv.gz", `
task binary 1
label categorical: Churn
integer: Account_Length VMail_Message Day_Calls Eve_Calls Night_Calls Intl_Calls CustServ_Calls
numeric: Day_Mins Eve_Mins Night_Mins Intl_Mins
boolean: State_AK..State_WY Area_Code_408 Area_Code_415 Area_Code_510 Int'l_Plan_no Int'l_Plan_yes VMail_Plan_no VMail_Plan_yes
`},
	{"churn_sagemaker/validation.csv.gz", `
task none
boolean: column_1 column_13..column_70
integer: column_2 column_3 column_5 column_7 column_9 column_11 column_12
numeric: column_4 column_6 column_8 column_10
`},
	{"compas/compas_two_years_noids.csv.gz", `
task binary 1
id text: id
time time: compas_screening_date
categorical: sex age_cat race c_charge_degree c_charge_desc r_charge_degree r_charge_desc violent_recid vr_charge_degree vr_charge_desc type_of_assessment score_text v_type_of_assessment v_score_text
integer: age juv_fel_count decile_score juv_misd_count juv_other_count priors_count days_b_screening_arrest c_days_from_compas r_days_from_arrest decile_score v_decile_score priors_count start end
time: c_jail_in c_jail_out c_offense_date c_arrest_date r_offense_date r_jail_in r_jail_out vr_offense_date screening_date v_screening_date in_custody out_custody
boolean: is_recid is_violent_recid event
label categorical: two_year_recid
`},
	{"credit_default/uci_credit_card.csv.gz", `
task binary 1
integer: LIMIT_BAL AGE PAY_0 PAY_2 PAY_3 PAY_4 PAY_5 PAY_6 BILL_AMT1 BILL_AMT2 BILL_AMT3 BILL_AMT4 BILL_AMT5 BILL_AMT6 PAY_AMT1 PAY_AMT2 PAY_AMT3 PAY_AMT4 PAY_AMT5 PAY_AMT6
categorical: SEX EDUCATION MARRIAGE
label categorical: default.payment.next.month
`},
	{"elec2/elec.csv.gz", `
task binary 1
numeric: period nswprice nswdemand vicprice vicdemand transfer
label categorical: class
`},
	{"flight_delays/flights_20k.jsonl.gz", `
task none
time time: date
integer: delay distance
categorical: destination origin
`},
	{"german_credit/german.csv.gz", `
task none
categorical: column_1 column_3 column_4 column_6 column_7 column_9 column_10 column_12 column_14 column_15 column_17 column_19 column_20
integer: column_2 column_5 column_8 column_11 column_13 column_16 column_18 column_21
`},
	{"hotel_bookings/reference.csv.gz", `
task binary 1
id text: Index
categorical: hotel meal country market_segment distribution_channel reserved_room_type assigned_room_type deposit_type agent company customer_type
integer: lead_time stays_in_weekend_nights stays_in_week_nights adults children babies previous_cancellations previous_bookings_not_canceled booking_changes days_in_waiting_list parking_spaces total_of_special_requests
boolean: is_repeated_guest
numeric: adr
prediction categorical: y_pred
score numeric: y_pred_proba
label categorical: is_canceled
time time: timestamp
`},
	{"hotel_bookings/production_2017_01_02.csv.gz", `
task binary 1
id text: customer_id
categorical: hotel meal country market_segment distribution_channel reserved_room_type assigned_room_type deposit_type agent company customer_type
integer: lead_time stays_in_weekend_nights stays_in_week_nights adults children babies previous_cancellations previous_bookings_not_canceled booking_changes days_in_waiting_list parking_spaces total_of_special_requests
boolean: is_repeated_guest
numeric: adr
prediction categorical: y_pred
score numeric: y_pred_proba
time time: timestamp
`},
	{"hotel_bookings/production_targets.csv.gz", `
task binary 1
id text: customer_id
label categorical: is_canceled
`},
	{"m4_hourly/hourly_train.csv.gz", `
task none
id text: V1
numeric: V2..V961
`},
	{"m4_hourly/hourly_test.csv.gz", `
task none
id text: V1
numeric: V2..V49
`},
	{"nyc_taxi_sample/taxis.csv.gz", `
task none
time time: pickup
time: dropoff
integer: passengers
numeric: distance fare tip tolls total
categorical: color payment pickup_zone dropoff_zone pickup_borough dropoff_borough
`},
	{"sagemaker_monitor_io/clarify_validation.jsonl.gz", `
task binary 1
embedding: features
label categorical: label
`},
	{"sms_spam/sms_spam.tsv.gz", `
task binary spam
label categorical: Label
text: SMS
`},
	{"subjectivity_text/quote.txt.gz", `
task none
text: column_1
`},
	{"timeseries_small/daily-min-temperatures.csv.gz", `
task none
time time: Date
numeric: Temp
`},
	{"timeseries_small/monthly-sunspots.csv.gz", `
task none
time time: Month
numeric: Sunspots
`},
	{"timeseries_small/airline-passengers.csv", `
task none
time time: Month
integer: Passengers
`},
	{"titanic/reference.csv.gz", `
task binary 1
id text: PassengerId
categorical: Pclass Sex Embarked boat
text: Name Ticket Cabin home.dest
numeric: Age Fare
integer: SibSp Parch body
label categorical: Survived
`},
	{"titanic/analysis.csv.gz", `
task none
id text: PassengerId
categorical: Pclass Sex Cabin Embarked boat
text: Name Ticket home.dest
numeric: Age Fare
integer: SibSp Parch body
`},
}

func TestInferData(t *testing.T) {
	for _, tc := range inferred {
		t.Run(tc.file, func(t *testing.T) {
			s, _ := Infer(heads(t, tc.file))
			if diff := cmp.Diff(strings.TrimLeft(tc.want, "\n"), describe(s)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestInferNotes(t *testing.T) {
	_, notes := Infer(heads(t, "hotel_bookings/reference.csv.gz"))
	want := []string{
		"id: Index; time: timestamp; prediction: y_pred; score: y_pred_proba; label: is_canceled",
		`task: binary, the positive class is "1"`,
		"0 and 1 taken as false and true: is_repeated_guest",
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// head makes a column of text from cells separated by |, repeated to 100 rows.
func head(name, cells string) Head {
	h := Head{Name: name}
	parts := strings.Split(cells, "|")
	for i := range max(100, len(parts)) {
		h.Cells = append(h.Cells, Cell{NativeText, parts[i%len(parts)]})
	}
	return h
}

// made makes a column of 300 cells.
func made(name string, cell func(i int) string) Head {
	h := Head{Name: name}
	for i := range 300 {
		h.Cells = append(h.Cells, Cell{NativeText, cell(i)})
	}
	return h
}

func TestInferKind(t *testing.T) {
	for _, tc := range []struct {
		head Head
		want string // kind, layout, role unless it is a feature
	}{
		{head("x", "1|2|3|5|8"), "integer"},
		{head("x", "1.0|2.0|NaN|5.0"), "integer"},
		{head("x", "1.5|2|1e3|-4"), "numeric"},
		{head("x", " 1.5| 2|N/A|null||NA"), "numeric"},
		{head("x", "0.5|inf|-Infinity|1"), "numeric"},
		{head("x", "7|NA|none"), "categorical"},
		{head("x", "1|2|?"), "categorical"},
		{made("x", func(i int) string {
			if i%30 == 0 {
				return "n.d."
			}
			return strconv.Itoa(i)
		}), "integer"},
		{head("x", "0|1"), "boolean"},
		{head("x", "0|1|NA"), "boolean"},
		{head("x", "0.0|1.0|"), "boolean"},
		{head("x", "0"), "integer"},
		{head("babies", "0|1"), "integer"},
		{head("n_dogs", "0|1"), "integer"},
		{head("has_children", "0|1"), "boolean"},
		{head("x", "1|2"), "integer"},
		{head("x", "True|False|"), "boolean"},
		{head("x", "yes|No|NA"), "boolean"},
		{head("x", "Y|N"), "boolean"},
		{head("x", "t|f"), "boolean"},
		{head("x", "on|off"), "boolean"},
		{head("x", "true"), "boolean"},
		{head("sex", "F"), "categorical"},
		{head("x", "yes|no|maybe"), "categorical"},
		{head("x", "y|f"), "categorical"},
		{head("zip", "10115|80331"), "categorical"},
		{head("plz_kunde", "10115|80331"), "categorical"},
		{head("x", "00123|00456|99999"), "categorical"},
		{head("x", "1234567890123456789|1234567890123456790"), "categorical"},
		{head("payment_type", "1|2|3|4"), "categorical"},
		{head("PULocationID", "4|74|42|230"), "categorical"},
		{head("type_count", "1|2|3|4"), "integer"},
		{head("adults", "1|2|3"), "integer"},
		{made("store_id", func(i int) string { return strconv.Itoa(i % 100) }), "integer"},
		{made("id", strconv.Itoa), "text id"},
		{made("Unnamed: 0", strconv.Itoa), "text id"},
		{made("", strconv.Itoa), "text id"},
		{made("customerID", func(i int) string { return fmt.Sprintf("%04d-ABCDE", i) }), "text id"},
		{made("transactionid", strconv.Itoa), "text id"},
		{made("paid", strconv.Itoa), "integer"},
		{made("index", func(i int) string { return strconv.Itoa(i) + ".5" }), "numeric"},
		{made("session", func(i int) string { return fmt.Sprintf("%08x-77a2-4d1b-9c1e-%012x", i*7919, i) }), "text id"},
		{made("id", hexadecimal), "text id"},
		{made("hash", hexadecimal), "text id"},
		{made("word", func(i int) string { return "word" + strings.Repeat("x", i) }), "text"},
		{made("review", func(i int) string { return "it was a fine and pleasant stay of " + strconv.Itoa(i%30) + " days" }), "text"},
		{head("x", "2026-01-02|2026-01-03"), "time iso time"},
		{head("x", "2026-01-02T03:04:05Z|2026-01-03T03:04:05.5+02:00|NA"), "time iso time"},
		{head("x", "31/12/2026|01/02/2026"), "time day_first time"},
		{head("x", "12/31/2026|01/02/2026"), "time month_first time"},
		{head("x", "03.04.2026|03.04.2026"), "time day_first time"},
		{head("x", "03/04/2026|03/04/2026"), "time month_first time"},
		{made("x", func(i int) string { return fmt.Sprintf("%02d/%02d/2026", i%10+1, i/25+1) }), "time day_first time"},
		{head("x", "31-Dec-2026|1-Jan-2027"), "time named time"},
		{head("day", "20260102|20260103"), "time compact time"},
		{head("amount", "20260102|20260103"), "integer"},
		{head("created_at", "1767312000|1767312600"), "time epoch_s time"},
		{head("event_time", "1767312000123|1767312600456"), "time epoch_ms time"},
		{head("amount", "1767312000|1767312600"), "integer"},
		{head("time", "12|13"), "integer"},
		{head("birth_date", "1990-01-02"), "time iso time"},
		{head("x", "[1, 2.5]|[-3e4,0]"), "embedding"},
		{head("x", "[a]|[b]"), "categorical"},
		{head("x", ""), "categorical"},
		{head("x", "NA"), "categorical"},
		{Head{Name: "x"}, "categorical"},
		{Head{Name: "x", Cells: []Cell{{NativeBool, "true"}, {NativeNull, ""}}}, "boolean"},
		{Head{Name: "x", Cells: []Cell{{NativeTime, "2026-01-02T00:00:00Z"}}}, "time iso time"},
		{Head{Name: "x", Cells: []Cell{{NativeList, "[1,2]"}}}, "embedding"},
		{Head{Name: "x", Cells: []Cell{{NativeNumber, "1e3"}, {NativeNumber, "NaN"}}}, "integer"},
	} {
		s, _ := Infer([]Head{tc.head})
		c := s.Columns[0]
		got := string(c.Kind)
		if c.Layout != "" {
			got += " " + string(c.Layout)
		}
		if c.Role != Feature {
			got += " " + string(c.Role)
		}
		if got != tc.want {
			t.Errorf("%q %q: %s, want %s", c.Name, tc.head.Cells[:min(3, len(tc.head.Cells))], got, tc.want)
		}
	}
}

// hexadecimal gives 16 digits, which now and then look like a number.
func hexadecimal(i int) string {
	if i%100 == 7 {
		return fmt.Sprintf("%08d5e%06d", i*7919, i)
	}
	return fmt.Sprintf("%08x%08x", i*7919, i*104729)
}

func TestInferRole(t *testing.T) {
	id := made("id", strconv.Itoa)
	for _, tc := range []struct {
		name  string
		heads []Head
		want  string
	}{
		{"classes by name", []Head{id, head("prediction", "cat|dog|cow"), head("proba_cat", "0.1|0.2"), head("proba_dog", "0.8|0.1"), head("proba_cow", "0.1|0.7"), head("label", "cat|dog|cow")},
			"task multiclass\nid text: id\nprediction categorical: prediction\nscore numeric: proba_cat proba_dog proba_cow\nlabel categorical: label\n"},
		{"integer classes", []Head{head("y_pred", "0|1|2"), head("y_true", "0|1|2")},
			"task multiclass\nprediction categorical: y_pred\nlabel categorical: y_true\n"},
		{"regression", []Head{head("prediction", "1.5|2.5"), head("target", "1|2|3")},
			"task regression\nprediction numeric: prediction\nlabel integer: target\n"},
		{"pair", []Head{head("fare", "1.5|2.5"), head("predicted_fare", "1.7|2.1")},
			"task regression\nlabel numeric: fare\nprediction numeric: predicted_fare\n"},
		{"a prediction that is a probability", []Head{head("prediction", "0.25|0.5"), head("label", "0|1")},
			"task binary 1\nscore numeric: prediction\nlabel categorical: label\n"},
		{"truth words", []Head{head("prediction", "yes|no"), head("churn", "Yes|No")},
			"task binary true\nprediction boolean: prediction\nlabel boolean: churn\n"},
		{"outcome in the middle without a model", []Head{head("a", "1|2"), head("class", "x|y"), head("b", "1|2")},
			"task none\ninteger: a b\ncategorical: class\n"},
		{"coordinates", []Head{head("x", "1.5|2"), head("y", "2|3.5")}, "task none\nnumeric: x y\n"},
		{"a credit score", []Head{head("score", "512|733"), head("confidence", "0.1|0.9")}, "task none\ninteger: score\nnumeric: confidence\n"},
		{"one time", []Head{head("birth_date", "1990-01-01"), head("updated_at", "2026-01-01"), head("event_time", "2026-01-01")},
			"task none\ntime: birth_date updated_at\ntime time: event_time\n"},
		{"a body's weight", []Head{head("weight", "50.5|70"), head("sample_weight", "1|0.5")}, "task none\nnumeric: weight\nweight numeric: sample_weight\n"},
		{"nothing", nil, "task none\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, _ := Infer(tc.heads)
			if diff := cmp.Diff(tc.want, describe(s)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	reference := []Head{made("Index", strconv.Itoa), head("a", "1|2"), head("when", "2026-01-02"), head("label", "0|1"), head("b", "u|v")}
	s, _ := Infer(reference)
	s.Column("b").Role = Ignore
	m := s.Match([]Head{head("a", "x|y"), head("c", "1.5"), made("customer_id", func(i int) string { return "C" + strconv.Itoa(10000+i) }), head("time", "31.12.2026")})
	layout := func(c Column) string {
		return strings.TrimSpace(fmt.Sprint(c.Name, " ", c.Kind, " ", c.Role, " ", c.Layout))
	}
	var columns []string
	for _, c := range m.Columns {
		columns = append(columns, layout(c))
	}
	want := []string{"a integer feature", "c numeric feature", "Index text id", "when time time day_first"}
	if diff := cmp.Diff(want, columns); diff != "" {
		t.Errorf("columns -want +got\n%s", diff)
	}
	m.Columns = nil
	if diff := cmp.Diff(Match{Late: []string{"label"}, Unexpected: []string{"c"}, Renamed: map[string]string{"Index": "customer_id", "when": "time"}}, m); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestMatchAmbiguous(t *testing.T) {
	s, _ := Infer([]Head{made("Index", strconv.Itoa), head("a", "1|2")})
	m := s.Match([]Head{made("row_id", strconv.Itoa), made("customer_id", strconv.Itoa)})
	m.Columns = nil
	if diff := cmp.Diff(Match{Missing: []string{"Index", "a"}, Unexpected: []string{"row_id", "customer_id"}}, m); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestMatchRealLogs(t *testing.T) {
	s, _ := Infer(heads(t, "hotel_bookings/reference.csv.gz"))
	m := s.Match(heads(t, "hotel_bookings/production_2017_01_02.csv.gz"))
	m.Columns = nil
	if diff := cmp.Diff(Match{Late: []string{"is_canceled"}, Renamed: map[string]string{"Index": "customer_id"}}, m); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func BenchmarkInfer(b *testing.B) {
	var list []Head
	for i := range 10 {
		list = append(list, made("n"+strconv.Itoa(i), func(j int) string { return strconv.FormatFloat(float64(i+j)*1.37, 'g', -1, 64) }))
		list = append(list, made("s"+strconv.Itoa(i), func(j int) string { return "value " + strconv.Itoa(j%50) }))
	}
	for i := range list {
		for len(list[i].Cells) < 10000 {
			list[i].Cells = append(list[i].Cells, list[i].Cells[:300]...)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		Infer(list)
	}
}

// FuzzInfer holds that any table gets a contract, that the contract matches
// the table it was made from, and that nothing depends on chance.
func FuzzInfer(f *testing.F) {
	f.Add("id,y_pred,score,label,when\n1,0,0.5,0,2026-01-02\n2,1,0.25,1,31/12/2026\n", uint8(1))
	f.Add("a,,b\n[1],true,NA\n1e999,-0,inf\n00123,1700000000,x y z\n", uint8(3))
	f.Fuzz(func(t *testing.T, text string, natives uint8) {
		var heads []Head
		for i, line := range strings.Split(text, "\n") {
			for j, cell := range strings.Split(line, ",") {
				switch {
				case i == 0:
					heads = append(heads, Head{Name: cell})
				case j < len(heads):
					heads[j].Cells = append(heads[j].Cells, Cell{Native(natives>>(j%3)) % (NativeList + 1), cell})
				}
			}
		}
		s, notes := Infer(heads)
		again, same := Infer(heads)
		if diff := cmp.Diff(s, again) + cmp.Diff(notes, same); diff != "" {
			t.Fatalf("two runs differ: %s", diff)
		}
		names := map[string]bool{}
		unique := true
		for i, c := range s.Columns {
			unique = unique && !names[c.Name]
			names[c.Name] = true
			if c.Name != heads[i].Name || c.Kind == "" || c.Role == "" || (c.Kind == Time) != (c.Layout != "") {
				t.Errorf("column %d: %+v", i, c)
			}
		}
		if m := s.Match(heads); unique && len(m.Missing)+len(m.Late)+len(m.Unexpected)+len(m.Renamed) > 0 {
			t.Errorf("does not match its own table: %+v", m)
		}
	})
}

// TestPositiveByScores: of two words the one with the higher scores is positive; of 0
// and 1 it is 1, and that its scores are lower is said.
func TestPositiveByScores(t *testing.T) {
	heads := func(of, other string, shift float64) []Head {
		score, label := Head{Name: "score"}, Head{Name: "outcome"}
		for i := range 400 {
			class, x := other, 0.2+0.001*float64(i%200)
			if i%2 == 0 {
				class, x = of, x+shift
			}
			score.Cells = append(score.Cells, Cell{NativeText, strconv.FormatFloat(x, 'g', -1, 64)})
			label.Cells = append(label.Cells, Cell{NativeText, class})
		}
		return []Head{score, label}
	}
	for _, test := range []struct {
		name, of, other string
		shift           float64
		positive, class string
		said            bool
	}{
		{"the first in order", "churned", "stayed", 0.3, "churned", "churned", false},
		{"the last in order", "stayed", "churned", 0.3, "stayed", "", false},
		{"not told by scores", "churned", "stayed", 0, "stayed", "", false},
		{"numbers", "1", "0", 0.3, "1", "", false},
		{"numbers the other way round", "0", "1", 0.3, "1", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, notes := Infer(heads(test.of, test.other, test.shift))
			if s.Task != Binary || s.Positive != test.positive || s.Columns[0].Class != test.class {
				t.Errorf("%s, positive %q, the score is of %q: want %q, %q", s.Task, s.Positive, s.Columns[0].Class, test.positive, test.class)
			}
			if said := strings.Contains(strings.Join(notes, "\n"), "scores are higher where"); said != test.said {
				t.Errorf("notes: %q", notes)
			}
			again := *s
			again.Task, again.Positive = "", ""
			if again.Settle(nil); again.Positive != test.positive {
				t.Errorf("settled again: %q", again.Positive)
			}
		})
	}
}
