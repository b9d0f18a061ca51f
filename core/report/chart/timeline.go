package chart

import (
	"html/template"
	"strconv"
	"strings"
)

// Moment is the outcome of one window.
type Moment struct {
	Label string // on the axis: "2 Jan"
	Title string // on hovering: "2 Jan 2017: alert, 3 of 27 columns"
	Link  string // "" for none
	Level Level  // None: no report
}

// Timeline draws verdicts over time: the graver, the taller, so that colour is
// not needed to read it. The moments are in order of time.
func Timeline(title string, moments []Moment) template.HTML {
	if len(moments) == 0 {
		return empty(title)
	}
	var b strings.Builder
	b.WriteString(`<div class="chart timeline">`)
	head(&b, "", 78, title, tally(moments))
	n := float64(len(moments))
	b.WriteString(`<line class="axis" x1="0" x2="100%" y1="56.5" y2="56.5"/>`)
	for i, m := range moments {
		open, shut := link(m.Link, m.Title)
		open = pointed(open, len(moments))
		height := m.Level.height()
		b.WriteString(open + `<rect class="` + m.Level.class() + `" rx="1.5" x="` + percent((float64(i)+0.1)/n) + `" width="` + percent(0.8/n) +
			`" y="` + strconv.Itoa(56-height) + `" height="` + strconv.Itoa(height) + `">`)
		if m.Title != "" {
			b.WriteString("<title>" + safe(m.Title, 160) + "</title>")
		}
		b.WriteString("</rect>" + shut)
	}
	labels := make([]string, len(moments))
	for i, m := range moments {
		labels[i] = m.Label
	}
	below(&b, labels, 74)
	b.WriteString("</svg></div>")
	return template.HTML(b.String())
}

func (l Level) height() int {
	switch l {
	case OK:
		return 16
	case Info, Unknown:
		return 26
	case Warn:
		return 38
	case Alert, Invalid:
		return 54
	}
	return 8
}

// tally counts moments by level, for screen readers.
func tally(moments []Moment) string {
	count := map[Level]int{}
	for _, m := range moments {
		count[m.Level]++
	}
	var parts []string
	for _, level := range []Level{Alert, Invalid, Warn, Unknown, OK} {
		if count[level] > 0 {
			parts = append(parts, strconv.Itoa(count[level])+" × "+level.Word())
		}
	}
	return strconv.Itoa(len(moments)) + " windows: " + strings.Join(parts, ", ") + "."
}

// link opens and closes a link; an address that is not safe is left out.
func link(address, title string) (open, shut string) {
	if !safeAddress(address) {
		return "", ""
	}
	open = `<a href="` + template.HTMLEscapeString(address) + `"`
	if title != "" {
		open += ` aria-label="` + safe(title, 160) + `"`
	}
	return open + ">", "</a>"
}

// safeAddress takes addresses of this site and of the web, as they are written
// in a URL: without blanks, quotes or anything that is not ASCII.
// maxStops is how many links of one drawing are stops of the tab key. More
// would be a wall for whoever goes by keyboard: they are for the pointer alone
// then, and the page has to lead to the same places by a list.
const maxStops = 40

// pointed takes an opened link out of the order of the tab key where it is one
// of too many.
func pointed(open string, links int) string {
	if links <= maxStops {
		return open
	}
	return strings.Replace(open, "<a ", `<a tabindex="-1" `, 1)
}

func safeAddress(address string) bool {
	for _, c := range []byte(address) {
		if c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' {
			return false
		}
	}
	for _, prefix := range []string{"/", "#", "?", "./", "https://", "http://"} {
		if strings.HasPrefix(address, prefix) {
			return !strings.HasPrefix(address, "//")
		}
	}
	return false
}

// below writes some of the labels, evenly, under as many columns: few enough
// not to meet on a telephone.
func below(b *strings.Builder, labels []string, y float64) {
	n := len(labels)
	every := max(1, (n+4)/5)
	for i := (every - 1) / 2; i < n; i += every {
		text(b, (float64(i)+0.5)/float64(n), y, "", labels[i])
	}
}
