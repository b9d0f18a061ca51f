package quality

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// bicycles are the rents by hour of each day of two years; the test is skipped where the
// data set is not there.
func bicycles(t *testing.T) []profile.Hours {
	t.Helper()
	file, err := os.Open("../../../../shared/data/bike_sharing/hour.csv.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no data set bike_sharing: it lies beside the repository, in ../shared/data")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(lines[0], name) }
	var days []profile.Hours
	before := ""
	for _, line := range lines[1:] {
		if day := line[at("dteday")]; day != before {
			days, before = append(days, profile.Hours{}), day
		}
		hour, _ := strconv.Atoi(line[at("hr")])
		rents, err := strconv.ParseInt(line[at("cnt")], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		days[len(days)-1][hour] += rents
	}
	return days
}

// together is the column of days from one to another, so many hours later.
func together(days []profile.Hours, from, to, later int) *profile.Column {
	c := &profile.Column{Name: "at", Kind: schema.Time, Hours: new(profile.Hours), Last: int64(to-from)*aDay - 1}
	for i := from; i < to; i++ {
		for h, n := range days[i] {
			c.Hours[(h+later)%24], c.Rows = c.Hours[(h+later)%24]+n, c.Rows+n
		}
	}
	return c
}

// TestDaysOfBicycles: of two years of days of rented bicycles, with commuters and
// weekends, none is called shifted against the four weeks before, and three days
// neither; moved by five hours, most are, and by no other number.
func TestDaysOfBicycles(t *testing.T) {
	days := bicycles(t)
	for _, length := range []int{1, 3} {
		looked, told := 0, 0
		for i := 28; i+length <= len(days); i++ {
			ref := together(days, i-28, i, 0)
			if hours, _ := sooner(ref, together(days, i, i+length, 0)); hours != 0 {
				t.Errorf("day %d, of %d: %d hours", i, length, hours)
			}
			switch hours, _ := sooner(ref, together(days, i, i+length, 5)); hours {
			case 5:
				told++
			case 0:
			default:
				t.Errorf("day %d, of %d, five hours late: %d hours", i, length, hours)
			}
			looked++
		}
		t.Logf("of %d, %d told of %d", length, told, looked)
		if told*2 < looked {
			t.Errorf("of %d, only %d told of %d", length, told, looked)
		}
	}
}
