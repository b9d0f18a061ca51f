package evidently

import (
	"math"
	"strconv"
	"strings"
)

// mostDigits is how many digits pandas.read_csv looks at, leading zeros
// included.
const mostDigits = 17

// spelt is the number that pandas.read_csv makes of a text that spells one. It
// does not round as IEEE 754 asks, so 0.30000000000000004 is 0.3 to it, and
// values are equal that are not.
func spelt(text string) float64 {
	text = strings.TrimSpace(text)
	sign := 1.0
	if rest := strings.TrimLeft(text, "+-"); rest != text {
		if text[0] == '-' {
			sign = -1
		}
		text = rest
	}
	if text[0] == 'i' || text[0] == 'I' {
		return math.Inf(int(sign))
	}
	digits, power, _ := strings.Cut(strings.ToLower(text), "e")
	whole, decimals, _ := strings.Cut(digits, ".")
	number, exponent := mantissa(whole, decimals)
	if power != "" {
		n, err := strconv.Atoi(power)
		if err != nil { // an exponent of more digits than an int holds
			n = 1 << 30
			if power[0] == '-' {
				n = -n
			}
		}
		exponent += n
	}
	return sign * scaled(number, exponent)
}

// mantissa adds up the digits that pandas looks at. Those of the whole part
// that it does not look at count as noughts.
func mantissa(whole, decimals string) (number float64, exponent int) {
	taken := 0
	take := func(c rune) {
		number = float64(number*10) + float64(c-'0')
		taken++
	}
	for _, c := range whole {
		if taken < mostDigits {
			take(c)
		} else {
			exponent++
		}
	}
	for _, c := range decimals {
		if taken == mostDigits {
			break
		}
		take(c)
		exponent--
	}
	return number, exponent
}

// scaled is number·10^exponent, by one multiplication or division, or two where
// the power is beyond the range.
func scaled(number float64, exponent int) float64 {
	switch {
	case number == 0 || exponent < -2*most:
		return 0
	case exponent > most:
		return math.Inf(1)
	case exponent > 0:
		return number * tens[exponent]
	case exponent < -most:
		return number / tens[-most-exponent] / tens[most]
	}
	return number / tens[-exponent]
}

// most is the largest power of ten that a float64 holds, tens are all of them.
// Those of math.Pow10 are products of two, which is an ulp off here and there.
const most = 308

var tens = func() (powers [most + 1]float64) {
	for i := range powers {
		power, err := strconv.ParseFloat("1e"+strconv.Itoa(i), 64)
		if err != nil {
			panic(err) // the constant above is wrong
		}
		powers[i] = power
	}
	return powers
}()
