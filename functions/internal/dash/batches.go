package dash

import (
	"net/http"
	"strconv"
	"time"

	"leeway/core/report"
	"leeway/core/state"
)

// batchRow is one delivered object.
type batchRow struct {
	*state.Batch
	Verdict report.Verdict // of the gravest of its windows
	Windows []windowLink
	Faulty  int64  // cells and rows with something wrong
	CopyOf  string // an earlier object with the same content
}

type windowLink struct{ Text, Report string }

// maxWindowLinks bounds how many windows of one batch are listed.
const maxWindowLinks = 4

func (s *subject) batchRow(b *state.Batch, copies map[string]string) batchRow {
	row := batchRow{Batch: b, Verdict: b.Verdict, CopyOf: copies[b.Key]}
	for _, f := range b.Faults {
		row.Faulty += f.Count
	}
	for _, part := range b.Parts {
		link := windowLink{Text: windowText(part.Window)}
		if one := s.window(part.Window); one != nil {
			link.Report = one.Report
			if row.Verdict == "" || urgency[one.Verdict] < urgency[row.Verdict] {
				row.Verdict = one.Verdict
			}
		}
		row.Windows = append(row.Windows, link)
	}
	if more := len(row.Windows) - maxWindowLinks; more > 0 {
		row.Windows = append(row.Windows[:maxWindowLinks], windowLink{Text: strconv.Itoa(more) + " more"})
	}
	return row
}

// window finds the summary of a window, nil while there is none.
func (s *subject) window(w state.Window) *state.Summary {
	low, high := 0, len(s.history)
	for low < high {
		middle := (low + high) / 2
		switch c := s.history[middle].Window.Compare(w); {
		case c == 0:
			return &s.history[middle]
		case c < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return nil
}

type batchesPage struct {
	Name       string
	Batches    []batchRow
	Quarantine []state.Quarantined
	All        int
	Page, Next int // page numbers from 1; Next is 0 on the last
	Before     int // 0 on the first
}

const perPage = 100

// paging reads the page number and cuts n items to it.
func paging(r *http.Request, n int) (page, from, to int) {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 1 || page > 1+n/perPage {
		page = 1
	}
	from = min((page-1)*perPage, n)
	return page, from, min(from+perPage, n)
}

func (d *Dash) batches(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	return &view{
		template: "batches", tag: "batches" + s.tag(),
		frame: s.frame("Batches", "batches"),
		content: func() any {
			number, from, to := paging(r, len(s.batches))
			page := &batchesPage{Name: s.name, Quarantine: s.quarantine, All: len(s.batches), Page: number, Before: number - 1}
			copies := state.Copies(s.batches)
			for i := range s.batches[from:to] {
				page.Batches = append(page.Batches, s.batchRow(&s.batches[from+i], copies))
			}
			if to < len(s.batches) {
				page.Next = number + 1
			}
			return page
		},
	}, nil
}

type reportsPage struct {
	Name       string
	Reports    []*state.Summary
	All        int
	Page, Next int
	Before     int
	Now        time.Time
}

func (d *Dash) list(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	return &view{
		template: "reports", tag: "reports" + s.tag(),
		frame: s.frame("Reports", "reports"),
		content: func() any {
			n := len(s.history)
			number, from, to := paging(r, n)
			page := &reportsPage{Name: s.name, All: n, Page: number, Before: number - 1}
			for i := from; i < to; i++ {
				page.Reports = append(page.Reports, &s.history[n-1-i])
			}
			if to < n {
				page.Next = number + 1
			}
			return page
		},
	}, nil
}
