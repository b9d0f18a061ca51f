package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of kind inference; see Infer for what they mean.
const (
	almostAll   = 0.95 // share of cells that decides a kind
	codesAtMost = 12   // distinct integers that may be codes
	textBeyond  = 100  // distinct texts that are too many for categories
	idsBeyond   = 1000 // distinct texts of an entity's id
)

// draft is a column while it is being inferred.
type draft struct {
	*summary
	column Column
	head   *Head
	words  []string
	bare   string
	why    reason // why the kind is not what the cells alone say
	detail string
	id     bool // identifies rows or entities
}

// reason groups columns in the notes.
type reason int

const (
	plain reason = iota
	flags
	codes
	digits
	junk
	empty
	layout
	entity
	lengthy
)

func newDraft(head *Head, t *tally) *draft {
	d := &draft{head: head, words: words(head.Name)}
	d.bare = strings.Join(d.words, "")
	first := min(len(head.Cells), firstLook)
	d.summary = t.summarize(head.Cells[:first])
	if !d.fractions() || weightNames[d.bare] > 0 || !numberLike(head.Cells[first:]) {
		d.summary = t.summarize(head.Cells)
	}
	d.column = Column{Name: head.Name, Role: Feature}
	if len(d.values) <= valuesKept {
		d.column.Values = d.classes()
	}
	d.column.Kind = d.kind()
	return d
}

// firstLook is how many cells are enough for a column of fractions.
const firstLook = 1000

// fractions tells whether the cells are plainly numbers that measure something,
// so that nothing in further numbers would change kind or role.
func (d *draft) fractions() bool {
	return d.numbers == d.present && d.padded+d.long == 0 && d.distinct > textBeyond && 2*d.whole < d.numbers && (d.low < 0 || d.high > 1)
}

// most tells whether n are almost all of the cells that hold a value.
func (d *draft) most(n int) bool { return n > 0 && float64(n) >= almostAll*float64(d.present) }

// few tells whether n are next to none of the cells that hold a value: of
// hexadecimal digits some look like numbers, "840378e968674499".
func (d *draft) few(n int) bool { return float64(n) <= (1-almostAll)*float64(d.present) }

func (d *draft) kind() Kind {
	switch {
	case d.present == 0:
		d.why = empty
		return Categorical
	case d.most(d.lists):
		return Embedding
	case d.most(d.times):
		d.column.Layout = ISO
		return Time
	case d.truth():
		return Boolean
	}
	if d.identifies() {
		d.id = true
		return Text
	}
	if d.most(d.numbers) {
		return d.numeric()
	}
	if found := detect(d.head.Cells, textLayouts); d.most(found.count) {
		return d.time(found)
	}
	return d.text()
}

// truth tells whether all cells are the words of one family of truth. A column
// of one word only must be spelt out: "F" alone may be a gender.
func (d *draft) truth() bool {
	if d.bools != d.present || len(d.values) > valuesKept {
		return false
	}
	family, both := -1, map[string]bool{}
	for _, value := range d.values {
		f := boolFamily(value)
		if family >= 0 && f != family {
			return false
		}
		family = f
		both[strings.ToLower(strings.TrimSpace(value))] = true
	}
	return len(both) == 2 || family <= 1
}

// identifies tells whether the column names rows or entities rather than
// describing them.
func (d *draft) identifies() bool {
	unique := d.most(d.distinct) && float64(d.present) >= almostAll*float64(d.rows)
	if !d.few(d.numbers) && d.whole < d.numbers {
		return false
	}
	if idName(d.words, d.bare) {
		if unique {
			return true
		}
		if len(d.words) > 1 && d.distinct > idsBeyond {
			d.why = entity
			return true
		}
		return false
	}
	if d.distinct < d.present || d.present < d.rows || d.present < 20 || !d.few(d.numbers) || d.blanks > 0 || d.digits < d.present {
		return false
	}
	if found := detect(d.head.Cells, textLayouts); d.most(found.count) {
		return false
	}
	return d.longest-d.shortest <= 2 && d.longest <= 64 // UUIDs, hashes, "C16913"
}

func idName(list []string, bare string) bool {
	if bare == "" || idNames[bare] {
		return true
	}
	if len(list) > 1 {
		return idSuffix[list[len(list)-1]]
	}
	prefix, found := strings.CutSuffix(bare, "id")
	return found && entities[prefix]
}

// entities are what lower-case ids are written together with: "customerid".
var entities = set("customer user order passenger transaction session booking record row account client patient loan employee student product item sample request event trip ride flight message post device member household contract policy claim")

func (d *draft) numeric() Kind {
	if d.numbers < d.present {
		d.why, d.detail = junk, fmt.Sprintf("%d of %d", d.present-d.numbers, d.present)
	}
	wholes := d.whole == d.numbers
	switch {
	case d.padded*100 >= d.present || d.long*20 >= d.present || wholes && anyOf(d.words, longCodes):
		d.why = digits
		return d.discrete()
	case slices.Equal(d.classes(), []string{"0", "1"}), slices.Equal(d.classes(), []string{"0.0", "1.0"}):
		if counts(d.words) {
			return Integer
		}
		d.why = flags
		return Boolean
	}
	if found := detect(d.head.Cells, numberLayouts(d)); d.most(found.count) {
		return d.time(found)
	}
	switch {
	case !wholes:
		return Numeric
	case d.points == 0 && d.distinct <= codesAtMost && d.numbers == d.present && !counts(d.words) && codeName(d.words):
		d.why = codes
		return Categorical
	}
	return Integer
}

// codeName tells whether integers under the name stand for something else.
func codeName(list []string) bool {
	return anyOf(list, codeWords) || len(list) > 1 && list[len(list)-1] == "id"
}

func (d *draft) text() Kind {
	words := float64(d.blanks)/float64(d.present) + 1
	long := d.bytes >= 40*d.present && words >= 6 && d.distinct > valuesKept
	if long {
		d.why = lengthy
		return Text
	}
	return d.discrete()
}

// discrete is Categorical, or Text where there are too many values to compare.
func (d *draft) discrete() Kind {
	if d.distinct > textBeyond && 2*d.distinct > d.present {
		d.why = lengthy
		return Text
	}
	return Categorical
}

func (d *draft) time(found detected) Kind {
	d.column.Layout = found.layout
	if found.note != "" {
		d.why, d.detail = layout, found.note
	}
	return Time
}
