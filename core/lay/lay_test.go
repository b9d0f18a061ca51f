package lay_test

import (
	"slices"
	"strings"
	"testing"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/lay"
	"leeway/core/report"
	"leeway/core/schema"
)

var contract = &schema.Schema{Columns: []schema.Column{
	{Name: "id", Kind: schema.Text, Role: schema.ID}, {Name: "amount", Kind: schema.Numeric, Role: schema.Feature},
	{Name: "extra", Kind: schema.Numeric, Role: schema.Feature}, {Name: "paid", Kind: schema.Categorical, Role: schema.Label},
}}

// over is a file of that text under a contract.
func over(t *testing.T, contract *schema.Schema, text string) (*lay.Sheet, error) {
	t.Helper()
	source := format.Source{Name: "rows", Stream: strings.NewReader(text), At: strings.NewReader(text), Size: int64(len(text))}
	file, err := format.Open(source, lay.Options(config.Default(), contract))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return lay.Over(contract, file)
}

// TestLateKeys: a column that the beginning of a file lacks is there if any row has it; else it is
// missing, and a label that no row has is late.
func TestLateKeys(t *testing.T) {
	bare := strings.Repeat("{\"id\":\"a\",\"amount\":1}\n", 600)
	for _, c := range []struct{ tail, missing, late string }{
		{"", "extra", "paid"}, {"{\"id\":\"b\",\"extra\":2}\n", "", "paid"}, {"{\"id\":\"b\",\"paid\":\"1\",\"extra\":2}\n", "", ""},
	} {
		sheet, err := over(t, contract, bare+c.tail)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		faults, err := sheet.Read(func(b *frame.Block) { rows += b.Rows })
		if err != nil || len(faults) > 0 || sheet.Own != 2 || rows != 600+strings.Count(c.tail, "\n") {
			t.Fatalf("%d rows, %v, %v", rows, faults, err)
		}
		if strings.Join(sheet.Missing, " ") != c.missing || strings.Join(sheet.Late, " ") != c.late {
			t.Errorf("%q: missing %q, late %q", c.tail, sheet.Missing, sheet.Late)
		}
	}
}

// TestOthersFiles: a file with nothing of the contract is another model's, and one of ids and labels
// alone is no log.
func TestOthersFiles(t *testing.T) {
	if _, err := over(t, contract, "x,y\n1,2\n"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
	for text, alone := range map[string]bool{"id,paid\na,1\n": true, "id,went\na,1\n": true, "id,amount,paid\na,3,1\n": false, "amount,paid\n3,1\n": false} {
		sheet, err := over(t, contract, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := sheet.LabelsAlone(contract); (err != nil) != alone {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestHeadless: once a file had no header the next one has none either, whatever its first row is.
func TestHeadless(t *testing.T) {
	none := &schema.Schema{Columns: []schema.Column{{Name: "column_1", Kind: schema.Categorical}, {Name: "column_2", Kind: schema.Categorical}}}
	for c, want := range map[*schema.Schema]int{none: 3, {Columns: []schema.Column{{Name: "a", Kind: schema.Categorical}}}: 2} {
		sheet, err := over(t, c, "a,b\nc,d\ne,f\n")
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		if _, err := sheet.Read(func(b *frame.Block) { rows += b.Rows }); err != nil || rows != want {
			t.Errorf("%s: %d rows, want %d, %v", c.Columns[0].Name, rows, want, err)
		}
	}
}

// TestDropped: rows that could not be read are those with a fault as a whole, shared out among
// windows by rows, all of them.
func TestDropped(t *testing.T) {
	ragged := report.Fault{What: "rows with fewer fields than columns", Row: 3, Count: 5}
	faults := []report.Fault{ragged, {Column: "amount", What: "no number", Count: 70}, {What: "other", Count: 2}}
	if n := lay.Dropped(faults); n != 7 {
		t.Errorf("%d rows", n)
	}
	objects := []report.Object{{Faults: faults}, {Faults: []report.Fault{{What: "other", Count: 4}}}}
	if n, what := lay.DroppedIn(objects), lay.Commonest(objects); n != 11 || what != "other" {
		t.Errorf("%d rows, mostly %q", n, what)
	}
	if a, b, all := lay.Share(9, 100, 300), lay.Share(9, 200, 300), lay.Share(9, 0, 0); a != 3 || b != 6 || all != 9 {
		t.Errorf("%d and %d of 9, %d of a file without rows", a, b, all)
	}
	for _, c := range []struct {
		rows   int64
		faults []frame.Fault
		used   bool
	}{{0, nil, true}, {0, []frame.Fault{{Column: "amount", Count: 3}}, true}, {1, []frame.Fault{{What: "odd", Count: 3}}, true}, {0, []frame.Fault{{What: "odd", Row: 2, Count: 3}}, false}} {
		if err := lay.Used(c.rows, c.faults); (err == nil) != c.used {
			t.Errorf("%d rows, %v: %v", c.rows, c.faults, err)
		}
	}
	if got := lay.Faults([]frame.Fault{{What: ragged.What, Row: 3, Count: 5}}); !slices.Equal(got, faults[:1]) {
		t.Errorf("%+v", got)
	}
}
