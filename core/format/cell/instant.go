package cell

import "leeway/core/schema"

// day remembers the date that was read last: rows of a log mostly share it.
type day struct {
	date     [10]byte
	midnight int64
}

// instant reads the commonest shape of instants, 2006-01-02T15:04:05 with up to
// nine decimals and with Z or nothing behind, whatever the separator. False
// means that schema.ParseTime must decide.
func (d *day) instant(text []byte) (int64, bool) {
	if len(text) < 19 || len(text) > 30 {
		return 0, false
	}
	if [10]byte(text) != d.date {
		midnight, ok := schema.ParseTime(text[:10], schema.ISO)
		if !ok || text[4] != '-' || text[7] != '-' {
			return 0, false
		}
		d.date, d.midnight = [10]byte(text), midnight
	}
	hour, ok1 := two(text[11], text[12])
	minute, ok2 := two(text[14], text[15])
	second, ok3 := two(text[17], text[18])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 ||
		text[10] != 'T' && text[10] != ' ' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	at := d.midnight + (hour*3600+minute*60+second)*1e9
	rest := text[19:]
	if len(rest) > 0 && rest[len(rest)-1] == 'Z' {
		rest = rest[:len(rest)-1]
	}
	if len(rest) == 0 {
		return at, true
	}
	if rest[0] != '.' || len(rest) == 1 {
		return 0, false
	}
	unit := int64(1e9)
	for _, c := range rest[1:] {
		if c -= '0'; c > 9 {
			return 0, false
		}
		unit /= 10
		at += int64(c) * unit
	}
	return at, true
}

func two(tens, ones byte) (int64, bool) {
	tens -= '0'
	ones -= '0'
	return int64(tens)*10 + int64(ones), tens <= 9 && ones <= 9
}
