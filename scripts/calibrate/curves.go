package main

import (
	"fmt"
	"strings"
)

const (
	panelWide, panelHigh = 250, 190
	plotLeft, plotTop    = 40, 28
	plotWide, plotHigh   = 190, 120
	panelsPerRow         = 4
)

// curves draws how the chance to find each drift grows with its size: a small
// picture for each, Leeway as a full line, the best test as a dashed one.
func curves(all []found, reference, rows int) string {
	var b strings.Builder
	lines := (len(drifts) + panelsPerRow - 1) / panelsPerRow
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11" fill="#333">`+"\n", panelWide*panelsPerRow, panelHigh*lines+24)
	fmt.Fprintf(&b, "<title>Power against the size of the change: %d reference rows, %d current ones</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", reference, rows)
	for i := range drifts {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", i%panelsPerRow*panelWide, i/panelsPerRow*panelHigh)
		panel(&b, &drifts[i], all, reference, rows)
		b.WriteString("</g>\n")
	}
	fmt.Fprintf(&b, `<g transform="translate(%d %d)"><path d="M0 -4h30" stroke="#0b62a4" stroke-width="2"/><text x="36">Leeway</text><path d="M100 -4h30" stroke="#888" stroke-width="2" stroke-dasharray="4 3"/><text x="136">the best test for this change, at the same level</text></g>`+"\n</svg>\n", plotLeft, panelHigh*lines+14)
	return b.String()
}

func panel(b *strings.Builder, d *drift, all []found, reference, rows int) {
	fmt.Fprintf(b, `<text x="%d" y="16" font-weight="bold">%s</text>`+"\n", plotLeft, d.name)
	for _, y := range []float64{0, 0.5, 1} {
		at := plotTop + plotHigh*(1-y)
		fmt.Fprintf(b, `<path d="M%d %.1fh%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%.0f%%</text>`+"\n", plotLeft, at, plotWide, plotLeft-4, at+4, 100*y)
	}
	for _, x := range []float64{0, 1, 2} {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">× %.0f</text>`+"\n", plotLeft+plotWide*x/2, plotTop+plotHigh+16, x)
	}
	var ours, best []string
	for _, f := range all {
		if f.Drift == d.name && f.Reference == reference && f.Rows == rows {
			x := plotLeft + plotWide*f.Size/2
			point := func(hits int) string {
				return fmt.Sprintf("%.1f,%.1f", x, plotTop+plotHigh*(1-float64(hits)/float64(f.Windows)))
			}
			ours, best = append(ours, point(f.Leeway)), append(best, point(f.Best))
		}
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="#888" stroke-width="2" stroke-dasharray="4 3"/>`+"\n", strings.Join(best, " "))
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="#0b62a4" stroke-width="2"/>`+"\n", strings.Join(ours, " "))
}
