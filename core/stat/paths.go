package stat

import "math"

// paths counts lattice paths from (0,0) that stay within borders, by where they
// are: those to (x,y) came from (x-1,y) or from (x,y-1).
type paths struct {
	borders
	t     int64
	count []float64 // by x+1, at x+y = t, times 2^-scale; 0 beyond the borders
	scale int
}

// within is the share of the paths from (0,0) to (m,n) that stay in the strip,
// 1 - outside, to about 1e-11. Paths are cut at half their length, as there.
func within(n, m, g, h int64) float64 {
	p := &paths{borders: newBorders(n, m, g, h), count: make([]float64, m+3)}
	p.count[1] = 1
	half := (n + m) / 2
	for p.t < half {
		p.step()
	}
	first, scale := append([]float64(nil), p.count...), p.scale
	if (n+m)%2 != 0 {
		p.step()
	}
	joined := sum{}
	for x := range m + 1 { // the second half, turned round, is a first half
		joined.add(first[x+1] * p.count[m-x+1])
	}
	share := float64(m) / float64(n+m)
	all := logBinomial(m, n+m, share) - float64(float64(m)*math.Log(share)) - float64(float64(n)*math.Log1p(-share))
	return min(math.Exp(math.Log(joined.value())+float64(float64(scale+p.scale)*math.Ln2)-all), 1)
}

// step goes from x+y = t to t+1.
func (p *paths) step() {
	p.t++
	low, high := max(p.low(p.t), p.t-p.n, 0), min(p.high(p.t), p.m, p.t)
	row := p.count[low : high+2]
	above := row[len(row)-1]
	for i := len(row) - 2; i >= 0; i-- { // going down works in place
		n := row[i]
		row[i+1] = above + n
		above = n
	}
	row[0] = 0
	if p.t%256 == 0 { // they double at most, and two halves are multiplied
		p.rescale(row)
	}
}

func (p *paths) rescale(row []float64) {
	most := 0.0
	for _, n := range row {
		most = max(most, n)
	}
	_, exponent := math.Frexp(most)
	scale := math.Ldexp(1, -exponent)
	for i := range row {
		row[i] *= scale
	}
	p.scale += exponent
}
