package schema

// instant is a date and the nanoseconds after its midnight, which may be
// outside of the day where a zone moves it.
func instant(year, month, day int, clock int64) (int64, bool) {
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, false
	}
	return int64(civilDays(year, month, day))*86400e9 + clock, true
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civilDays counts the days from 1970-01-01 in the proleptic Gregorian
// calendar (Hinnant, "chrono-compatible low-level date algorithms"): years
// begin in March, so that the leap day is the last of its year.
func civilDays(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	ofYear := (153*(month-3)+2)/5 + day - 1
	return year*365 + year/4 - year/100 + year/400 + ofYear - 719468
}

func trim(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}
