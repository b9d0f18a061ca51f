package schema

import (
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	const none = "none"
	for _, tc := range []struct {
		text   string
		layout Layout
		want   string // RFC 3339, or none
	}{
		{"2006-01-02T15:04:05Z", ISO, "2006-01-02T15:04:05Z"},
		{"2006-01-02T15:04:05.123456789Z", ISO, "2006-01-02T15:04:05.123456789Z"},
		{"2006-01-02T15:04:05.1234567899Z", ISO, "2006-01-02T15:04:05.123456789Z"},
		{"2006-01-02T15:04:05+05:30", ISO, "2006-01-02T09:34:05Z"},
		{"2006-01-02T15:04:05-0800", ISO, "2006-01-02T23:04:05Z"},
		{"2006-01-02 15:04:05+02", ISO, "2006-01-02T13:04:05Z"},
		{"2006-01-02 15:04:05 UTC", ISO, "2006-01-02T15:04:05Z"},
		{"2006-01-02 15:04:05,5", ISO, "2006-01-02T15:04:05.5Z"},
		{"2006-01-02 15:04", ISO, "2006-01-02T15:04:00Z"},
		{"2001/01/01 00:47", ISO, "2001-01-01T00:47:00Z"},
		{"2006-01-02", ISO, "2006-01-02T00:00:00Z"},
		{"2006-1-2", ISO, "2006-01-02T00:00:00Z"},
		{" 2006-01-02 ", ISO, "2006-01-02T00:00:00Z"},
		{"2006-01-02Z", ISO, "2006-01-02T00:00:00Z"},
		{"1749-01", ISO, "1749-01-01T00:00:00Z"},
		{"2024-02-29", ISO, "2024-02-29T00:00:00Z"},
		{"2000-02-29", ISO, "2000-02-29T00:00:00Z"},
		{"1969-12-31T23:59:59.9Z", ISO, "1969-12-31T23:59:59.9Z"},
		{"1678-01-01", ISO, "1678-01-01T00:00:00Z"},
		{"2261-12-31T23:59:59Z", ISO, "2261-12-31T23:59:59Z"},
		{"2023-02-29", ISO, none},
		{"1900-02-29", ISO, none},
		{"2023-13-01", ISO, none},
		{"2023-00-01", ISO, none},
		{"2023-04-31", ISO, none},
		{"2023-04-30T24:00:00", ISO, none},
		{"2023-04-30T23:60:00", ISO, none},
		{"2023-04-30T23:59:60", ISO, none},
		{"2023-04-30T23:59:59+16:00", ISO, none},
		{"2023-04-30T23:59:59+01:", ISO, none},
		{"2023-04-30 23:59 Berlin", ISO, none},
		{"2023-04/30", ISO, none},
		{"2023.04", ISO, none},
		{"1677-12-31", ISO, none},
		{"2262-01-01", ISO, none},
		{"", ISO, none},
		{"2006", ISO, none},
		{"20060102", Compact, "2006-01-02T00:00:00Z"},
		{"20060102150405", Compact, "2006-01-02T15:04:05Z"},
		{"20060102T150405Z", Compact, "2006-01-02T15:04:05Z"},
		{"20060102T150405.25+0100", Compact, "2006-01-02T14:04:05.25Z"},
		{"20061302", Compact, none},
		{"200601", Compact, none},
		{"31/12/2006", DayFirst, "2006-12-31T00:00:00Z"},
		{"31.12.2006 15:04", DayFirst, "2006-12-31T15:04:00Z"},
		{"1-2-06", DayFirst, "2006-02-01T00:00:00Z"},
		{"1/2/69", DayFirst, "1969-02-01T00:00:00Z"},
		{"12/31/2006", DayFirst, none},
		{"12/31/2006", MonthFirst, "2006-12-31T00:00:00Z"},
		{"3/4/2021 1:05:09 PM", MonthFirst, "2021-03-04T13:05:09Z"},
		{"3/4/2021, 12:05 am", MonthFirst, "2021-03-04T00:05:00Z"},
		{"3/4/2021 13:05 PM", MonthFirst, none},
		{"3/4/206", MonthFirst, none},
		{"31-Dec-2006", Named, "2006-12-31T00:00:00Z"},
		{"31 December 2006 10:00", Named, "2006-12-31T10:00:00Z"},
		{"Dec 31, 2006", Named, "2006-12-31T00:00:00Z"},
		{"Sun, 31 Dec 2006 15:04:05 +0100", Named, "2006-12-31T14:04:05Z"},
		{"31-Dez-2006", Named, none},
		{"may 5 be late", Named, none},
		{"1700000000", EpochS, "2023-11-14T22:13:20Z"},
		{"1700000000.5", EpochS, "2023-11-14T22:13:20.5Z"},
		{"1700000000123", EpochMS, "2023-11-14T22:13:20.123Z"},
		{"1700000000123.25", EpochMS, "2023-11-14T22:13:20.12325Z"},
		{"1700000000123456", EpochUS, "2023-11-14T22:13:20.123456Z"},
		{"1700000000123456789", EpochNS, "2023-11-14T22:13:20.123456789Z"},
		{"-1", EpochS, "1969-12-31T23:59:59Z"},
		{"99999999999", EpochS, none},
		{"99999999999999999999", EpochNS, none},
		{"1e9", EpochS, none},
		{"2006-01-02", AnyLayout, "2006-01-02T00:00:00Z"},
		{"20060102", AnyLayout, "2006-01-02T00:00:00Z"},
		{"20060102T150405", AnyLayout, "2006-01-02T15:04:05Z"},
		{"31-Dec-2006", AnyLayout, "2006-12-31T00:00:00Z"},
		{"December 31, 2006", AnyLayout, "2006-12-31T00:00:00Z"},
		{"31/12/2006", AnyLayout, none},
		{"1700000000", AnyLayout, none},
		{"2006-01-02", "odd", none},
	} {
		nanos, ok := ParseTime([]byte(tc.text), tc.layout)
		got := none
		if ok {
			got = time.Unix(0, nanos).UTC().Format(time.RFC3339Nano)
		}
		if got != tc.want {
			t.Errorf("ParseTime(%q, %q) = %s, want %s", tc.text, tc.layout, got, tc.want)
		}
	}
}

func TestParseTimeAllocatesNothing(t *testing.T) {
	text := []byte("2006-01-02T15:04:05.123+01:00")
	if n := testing.AllocsPerRun(100, func() { ParseTime(text, ISO); ParseTime(text, AnyLayout) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkParseTime(b *testing.B) {
	text := []byte("2006-01-02 15:04:05")
	for b.Loop() {
		ParseTime(text, ISO)
	}
}

// FuzzParseTime holds every text that time.Parse reads in RFC 3339 against it.
func FuzzParseTime(f *testing.F) {
	f.Add("2006-01-02T15:04:05.5+01:00", uint8(1))
	f.Add("31/12/2006 1:02 PM", uint8(3))
	f.Add("Sun, 31 Dec 2006", uint8(5))
	f.Add("1700000000.25", uint8(6))
	f.Add("2000-01-01T00:00:00+00:60", uint8(1))
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		layout := append([]Layout{AnyLayout}, Layouts...)[int(which)%(len(Layouts)+1)]
		got, ok := ParseTime([]byte(text), layout)
		if layout != ISO {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || want.UTC().Year() <= firstYear || want.UTC().Year() >= lastYear {
			return
		}
		if _, seconds := want.Zone(); seconds >= 16*3600 || seconds <= -16*3600 {
			return
		}
		if strings.HasSuffix(text, ":60") { // time.Parse takes an offset of 60 minutes, RFC 3339 does not
			return
		}
		if !ok || got != want.UnixNano() {
			t.Errorf("ParseTime(%q) = %d, %v; want %d", text, got, ok, want.UnixNano())
		}
	})
}
