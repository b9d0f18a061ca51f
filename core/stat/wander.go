package stat

// Wander is by how much the windows of a series wander, as a variance in units
// of sampling: 1 where they are independent, and b times the mean square of the
// means of blocks of b windows where those say more, b being 1, 2, 4... as long
// as there are six blocks. A season, or a good month after a bad one, is then no
// drift: the reference knows the like.
//
// z are the windows' deviates with their signs, in order of time.
func Wander(z []float64) float64 {
	widest := 1.0
	for size := 1; len(z)/size >= 6; size *= 2 {
		var total sum
		blocks := len(z) / size
		for i := range blocks {
			var block sum
			for _, x := range z[i*size : (i+1)*size] {
				block.add(x)
			}
			total.add(block.value() * block.value() / float64(size))
		}
		widest = max(widest, total.value()/float64(blocks))
	}
	return widest
}
