package words

import "testing"

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Share(0), "0%"}, {Share(1), "100%"}, {Share(0.4123), "41%"}, {Share(0.0567), "5.7%"}, {Share(0.05), "5%"},
		{Share(0.00012), "0.01%"}, {Share(0.99987), "99.99%"}, {Share(0.999999), "99.99%"}, {Share(0.996), "99.6%"},
		{FromTo(1, 100, 34, 100), "rose from 1% to 34%"},
		{Number(0), "0"}, {Number(69), "69"}, {Number(0.01234), "0.0123"}, {Number(1234.5), "1,234"}, {Number(-1234567), "-1,234,567"},
		{Number(2.50), "2.5"}, {Number(1e300), "1e+300"}, {Number(999.7), "1,000"}, {Number(100), "100"},
		{Count(16913), "16,913"}, {Plural(1, "column"), "1 column"}, {Plural(3, "column"), "3 columns"}, {Are(1), "is"}, {Are(0), "are"},
		{Quoted("PRT"), "PRT"}, {Quoted("Online TA"), `"Online TA"`}, {Quoted(""), `""`},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
