package stat

// manyCells is from how many cells on the likelihood ratio's tail is right.
const manyCells = 10

// homogeneity is the p-value of "both sides have the same shares", on pooled
// cells.
//
// The likelihood ratio with Williams' correction (1976) has the right tail far
// out, however different the sides' sizes are, as its exponent is that of the
// chance itself. In few cells it is too sure of itself nearer by; Pearson's is
// cautious there, but far out it promises tens of times too much where one side
// is much smaller. So few cells have to convince both.
func (c *Cells) homogeneity() float64 {
	x, degrees, err := c.ChiSquare()
	if err != nil || degrees == 0 {
		return 1
	}
	g, err := c.G()
	if err != nil {
		return 1
	}
	p := ChiSquareTail(g/c.williams(), float64(degrees))
	if c.K() > manyCells {
		return p
	}
	return max(p, ChiSquareTail(x, float64(degrees)))
}

// williams is by how much the likelihood ratio is larger than chi-squared, on
// average.
func (c *Cells) williams() float64 {
	n, m := float64(c.n), float64(c.m)
	all := n + m
	var inverse sum
	for i, r := range c.Reference {
		inverse.add(all / float64(r+c.Current[i]))
	}
	return 1 + float64((all/n+all/m-1)*(inverse.value()-1)/(6*all*float64(c.K()-1)))
}
