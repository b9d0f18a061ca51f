package stat

import "math"

// pelzGood is P(D_n <= d) for large n by four terms in powers of 1/√n, each a
// theta series in z = d√n (Pelz and Good, Approximating the Lower Tail-Areas
// of the Kolmogorov-Smirnov One-Sample Statistic, J. R. Stat. Soc. B 38, 1976).
func pelzGood(n int64, d float64) float64 {
	z := d * math.Sqrt(float64(n))
	const pi2 = math.Pi * math.Pi
	z2 := float64(z * z)
	z4, z6, z8 := float64(z2*z2), float64(z2*z2*z2), float64(z2*z2*z2*z2)
	if -pi2/8/z2 < -708 {
		return 0
	}
	var k0, k1, k2, k3 float64
	terms := int(math.Ceil(16 * z / math.Pi))
	for k := terms; k > 0; k-- {
		odd := float64(2*k - 1)
		m2 := float64(odd * odd * pi2)
		m4 := m2 * m2
		q := math.Exp(-m2 / 8 / z2)
		k0 += q
		k1 += float64(q * (float64(m2/4) - z2))
		k2 += float64(q * (float64(6*z6) + float64(2*z4) + float64((float64(2*z4)-float64(5*z2))*m2/4) + float64((1-float64(2*z2))*m4/16)))
		k3 += float64(q * (-float64(30*z6) - float64(90*z8) + float64((float64(135*z4)-float64(96*z6))*m2/4) +
			float64((float64(212*z4)-float64(60*z2))*m4/16) + float64((5-float64(30*z2))*m4*m2/64)))
	}
	var even2, even3 float64
	for k := terms; k > 0; k-- {
		m2 := float64(float64(k*k) * pi2)
		q := math.Exp(-m2 / 2 / z2)
		even2 += float64(q * m2)
		even3 += float64(q * m2 * (float64(3*z2) - m2))
	}
	root := math.Sqrt(2 * math.Pi)
	k0 = float64(k0 * (root / z))
	k1 = float64(k1 * (root / (6 * z4)))
	k2 = float64(root * (k2/(72*z6*z) - even2/(36*z2*z)))
	k3 = float64(root * (k3/(6480*z8*z2) + even3/(216*z6)))
	s := 1 / math.Sqrt(float64(n))
	return k0 + float64(s*(k1+float64(s*(k2+float64(s*k3)))))
}
