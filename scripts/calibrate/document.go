package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
)

// The words around the tables.
var (
	//go:embed words/introduction.md
	introduction string
	//go:embed words/series.md
	ofSeries string
	//go:embed words/power.md
	ofPower string
	//go:embed words/peers.md
	peers string
)

// picture names the power curves of a pair of sizes.
func picture(sides [2]int) string {
	return fmt.Sprintf("power_%d_%d.svg", sides[0], sides[1])
}

// document is docs/calibration.md.
func document(all *results) []byte {
	var b bytes.Buffer
	b.WriteString(introduction)
	b.WriteString("\n" + stillHeader)
	for _, want := range stills() {
		if want.kind() == "still" {
			stillRow(&b, all.Rates[want.key()])
		}
	}
	b.WriteString("\n" + ofSeries + "\n" + seriesHeader)
	for _, want := range stills() {
		if want.kind() == "series" {
			seriesRow(&b, all.Rates[want.key()])
		}
	}
	b.WriteString("\n" + ofPower)
	for _, sides := range powerSizes {
		powerTable(&b, all, sides)
	}
	b.WriteString("\n" + peers)
	return b.Bytes()
}

const (
	stillHeader = "| shape | reference | rows | windows | at 5% | at 1% | at 0.1% | P ≤ 5% / 1% / 0.1% |\n" +
		"|---|--:|--:|--:|---|---|---|---|\n"
	seriesHeader = "| shape | reference | rows | windows | at 5% | at 1% | at 0.1% |\n" +
		"|---|--:|--:|--:|---|---|---|\n"
)

func stillRow(b *bytes.Buffer, r rate) {
	rateCells(b, r)
	fmt.Fprintf(b, " %s / %s / %s |\n", percent(float64(r.Small[0])/float64(r.Windows)), percent(float64(r.Small[1])/float64(r.Windows)), percent(float64(r.Small[2])/float64(r.Windows)))
}

func seriesRow(b *bytes.Buffer, r rate) {
	rateCells(b, r)
	b.WriteString("\n")
}

func rateCells(b *bytes.Buffer, r rate) {
	fmt.Fprintf(b, "| %s | %s | %s | %s |", r.Shape, count(r.Reference), count(r.Rows), count(r.Windows))
	for i := range budgets {
		mark := ""
		if r.exceeds(i) {
			mark = " **over**"
		}
		fmt.Fprintf(b, " %s%s |", share(r.Alarms[i], r.Windows), mark)
	}
}

func powerTable(b *bytes.Buffer, all *results, sides [2]int) {
	fmt.Fprintf(b, "\n### %s reference rows, %s current ones\n\n![Power curves](images/%s)\n\n", count(sides[0]), count(sides[1]), picture(sides))
	b.WriteString("| drift | best test | found by Leeway | by the best test | points less | by its drift test alone |\n|---|---|---|---|--:|---|\n")
	for _, d := range drifts {
		want := found{Drift: d.name, Size: 1, Reference: sides[0], Rows: sides[1], Windows: powerWindows(1)}
		f := all.Found[want.key()]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %.1f | %s |\n", d.name, d.test, share(f.Leeway, f.Windows), share(f.Best, f.Windows),
			100*float64(f.Best-f.Leeway)/float64(f.Windows), percent(float64(f.Drifted)/float64(f.Windows)))
	}
}

// count writes a number with separators.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
