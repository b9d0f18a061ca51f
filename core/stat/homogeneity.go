package stat

import (
	"math"
	"math/big"
	"slices"
)

// homogeneity is the p-value of Pearson's statistic, given the totals of the
// cells: the larger of the chi-squared tail and of a shifted gamma tail that
// has the statistic's exact mean, variance and skewness under random
// allocation. Chi-squared alone promises too much far out in the tail when one
// side is much smaller than the other.
func (c *Cells) homogeneity() float64 {
	x, degrees, err := c.ChiSquare()
	if err != nil || degrees == 0 {
		return 1
	}
	p := ChiSquareTail(x, float64(degrees))
	if c.n+c.m > 1_000_000 || c.n+c.m < 12 { // both agree, or no moments to speak of
		return p
	}
	mean, variance, third := c.moments()
	if !(variance > 0) {
		return p
	}
	skew := third / math.Pow(variance, 1.5)
	z := (x - mean) / math.Sqrt(variance)
	if skew < 1e-3 {
		return max(p, NormalTail(z))
	}
	shape := 4 / (skew * skew)
	return max(p, ChiSquareTail(2*(shape+2*z/skew), 2*shape))
}

// powers is a polynomial in the total t of a cell; powers[i] belongs to
// t^(i-2).
type powers [6]float64

// times multiplies two polynomials. Terms beyond t^3 never arise: see moments.
func (p powers) times(q powers) (product powers) {
	for i, x := range p {
		for j, y := range q {
			if k := i + j - 2; x != 0 && y != 0 {
				product[k] += float64(x * y)
			}
		}
	}
	return product
}

// stirling2[r][a] is the number of ways to split r things into a groups: t^r
// as a sum of falling factorials (t)_a.
var stirling2 = map[int][]float64{
	2: {0, 1, 1},
	4: {0, 1, 7, 6, 1},
	6: {0, 1, 31, 90, 65, 15, 1},
}

// fallingOver is (t)_a / t^r as a polynomial.
func fallingOver(a, r int) powers {
	p := []float64{1} // coefficients of t^0, t^1...
	for i := range a {
		next := make([]float64, len(p)+1)
		for j, x := range p {
			next[j+1] += x
			next[j] -= float64(float64(i) * x)
		}
		p = next
	}
	var out powers
	for j, x := range p {
		if x != 0 {
			out[j-r+2] = x
		}
	}
	return out
}

// moments are the exact mean, variance and third central moment of Pearson's
// statistic when the M current values are drawn at random from all N+M.
//
// With x the draws of a cell and t its total, the statistic is linear in
// Q = Σx²/t, and E[Π(x_i)_a] = ρ_Σa·Π(t_i)_a with ρ_k = (M)_k/(N+M)_k. So the
// moments of Q are sums of polynomials in t over one, two and three different
// cells. They cancel to a small rest, hence big floats.
func (c *Cells) moments() (mean, variance, third float64) {
	s := newTotals(c)
	rho := s.rho(c.n+c.m, c.m)
	g := []powers{{}, fallingOver(1, 1), fallingOver(2, 1)}
	e1, e2, e3 := s.float(0), s.float(0), s.float(0)
	for a := 1; a <= 2; a++ {
		s.plus(e1, rho[a], s.sum(g[a]))
		for b := 1; b <= 2; b++ {
			s.plus(e2, rho[a+b], s.pair(g[a], g[b]))
			for d := 1; d <= 2; d++ {
				s.plus(e3, rho[a+b+d], s.triple(g[a], g[b], g[d]))
			}
		}
	}
	for a := 1; a <= 4; a++ {
		four := fallingOver(a, 2)
		weight := s.float(stirling2[4][a])
		s.plus(e2, rho[a], s.times(weight, s.sum(four)))
		for b := 1; b <= 2; b++ {
			s.plus(e3, rho[a+b], s.times(s.times(s.float(3), weight), s.pair(four, g[b])))
		}
	}
	for a := 1; a <= 6; a++ {
		s.plus(e3, rho[a], s.times(s.float(stirling2[6][a]), s.sum(fallingOver(a, 3))))
	}
	return s.central(e1, e2, e3, c)
}

// central turns the moments of Q into central ones of the statistic
// scale·(Q - m²/all).
func (s *totals) central(e1, e2, e3 *big.Float, c *Cells) (mean, variance, third float64) {
	square := s.times(e1, e1)
	v := s.times(s.float(1), e2)
	v.Sub(v, square)
	t := s.times(s.float(2), s.times(e1, square))
	t.Add(t, e3)
	t.Sub(t, s.times(s.float(3), s.times(e1, e2)))
	all, m := s.float(float64(c.n+c.m)), s.float(float64(c.m))
	offset := s.times(m, m)
	offset.Sub(e1, offset.Quo(offset, all))
	scale := float64(c.n+c.m) * (float64(c.n+c.m) / float64(c.n)) / float64(c.m)
	mean, _ = offset.Float64()
	variance, _ = v.Float64()
	third, _ = t.Float64()
	return scale * mean, scale * scale * variance, scale * scale * scale * third
}

// totals holds the sums Σt^(i-2) over the cells, to compute moments with, and
// those of polynomials that were asked for.
type totals struct {
	power [6]*big.Float
	sums  map[powers]*big.Float
	pairs map[[2]powers]*big.Float
}

const bigBits = 384

func newTotals(c *Cells) *totals {
	s := &totals{sums: map[powers]*big.Float{}, pairs: map[[2]powers]*big.Float{}}
	for i := range s.power {
		s.power[i] = s.float(0)
	}
	all := make([]int64, c.K())
	for i, r := range c.Reference {
		all[i] = r + c.Current[i]
	}
	slices.Sort(all)
	for i := 0; i < len(all); {
		same := i
		for same < len(all) && all[same] == all[i] {
			same++
		}
		t := s.float(float64(all[i]))
		term := s.float(float64(same - i))
		term.Quo(term, s.times(t, t))
		for j := range s.power {
			s.power[j].Add(s.power[j], term)
			term.Mul(term, t)
		}
		i = same
	}
	return s
}

func (s *totals) float(x float64) *big.Float {
	return new(big.Float).SetPrec(bigBits).SetFloat64(x)
}

func (s *totals) times(x, y *big.Float) *big.Float {
	return new(big.Float).SetPrec(bigBits).Mul(x, y)
}

// plus adds x·y to into.
func (s *totals) plus(into, x, y *big.Float) { into.Add(into, s.times(x, y)) }

// sum is a polynomial summed over the cells, pair and triple are products summed
// over two and three different cells. What they give is not to be changed.
func (s *totals) sum(p powers) *big.Float {
	if known, ok := s.sums[p]; ok {
		return known
	}
	total := s.float(0)
	s.sums[p] = total
	for i, x := range p {
		if x != 0 {
			s.plus(total, s.float(x), s.power[i])
		}
	}
	return total
}

func (s *totals) pair(p, q powers) *big.Float {
	if known, ok := s.pairs[[2]powers{p, q}]; ok {
		return known
	}
	total := s.times(s.sum(p), s.sum(q))
	s.pairs[[2]powers{p, q}] = total
	return total.Sub(total, s.sum(p.times(q)))
}

func (s *totals) triple(p, q, r powers) *big.Float {
	total := s.times(s.pair(p, q), s.sum(r))
	total.Sub(total, s.pair(p.times(r), q))
	return total.Sub(total, s.pair(q.times(r), p))
}

// rho is the chance that k given items are all drawn, for k = 0..6, when m of
// all are.
func (s *totals) rho(all, m int64) [7]*big.Float {
	var rho [7]*big.Float
	rho[0] = s.float(1)
	for k := range int64(6) {
		rho[k+1] = s.times(rho[k], s.float(float64(m-k)))
		rho[k+1].Quo(rho[k+1], s.float(float64(all-k)))
	}
	return rho
}
