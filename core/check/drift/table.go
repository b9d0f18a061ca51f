package drift

import (
	"math"

	"leeway/core/metric"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Method is one way to compare a column's two sides.
type Method struct {
	metric.Desc
	Kinds    Kinds
	Default  Kinds   // the kinds it is shown for unless something is chosen
	Material float64 // smallest effect worth an alert; 0: the method judges nothing
	Laws     Laws

	// Score is the value; an error says why it is undefined.
	Score func(*sides) (float64, error)

	// P is the p-value that goes with the value in samples; nil for none.
	P func(s *sides, value float64) (float64, error)

	// Judge gives the value together with what no change would give, the effect
	// beyond that and an interval; nil exactly where Material is 0.
	Judge func(*sides) (stat.Judged, error)

	// Floor is what no change would give where windows differ by scale times a standard error, given what it is
	// where sampling is all; nil: scale times that.
	Floor func(s *sides, null, scale float64) float64

	// Detect is the smallest effect seen at level alpha with 80% power.
	Detect func(s *sides, alpha float64) float64
}

// Kinds is what a method may be used on.
type Kinds uint8

// The kinds of columns, as far as methods tell them apart.
const (
	Quantitative Kinds = 1 << iota
	Discrete
	Both = Quantitative | Discrete
)

func (k Kinds) has(kind schema.Kind) bool {
	return kind.Quantitative() && k&Quantitative != 0 || kind.Discrete() && k&Discrete != 0
}

func (m *Method) fits(kind schema.Kind) bool     { return m.Kinds.has(kind) }
func (m *Method) standard(kind schema.Kind) bool { return m.Default.has(kind) }

// Laws are facts about a method that the tests check. Every method is 0 for
// equal sides unless it says otherwise, within its declared range, and blind to
// the order of rows, to how they were split over profiles and to the order of
// categories.
type Laws struct {
	Symmetric bool // swapping the sides changes at most the sign
	Monotone  bool // mixing more of a change in never lowers it
	Scale     bool // multiplying all numbers by a power of two changes nothing
	Signed    bool // swapping the sides changes the sign
	Floor     bool // equal sides give the smallest value that there is, not 0
	Sized     bool // equal shares of different sizes are not 0 where values repeat
}

var perColumn = []string{"column", "role"}

// Table lists the methods, in the order of samples and documentation.
var Table = []Method{
	{
		Desc: metric.Desc{Check: Name, Name: "ks_statistic", Low: 0, High: 1, Better: "lower", Labels: perColumn,
			Help:    "Largest distance between the two distribution functions.",
			Formula: "sup |F_cur(x) - F_ref(x)|, right-continuous. The p-value is exact up to 10,000 values a side, else kstwo.sf(D, round(nm/(n+m)))",
			Use:     "Finds shifts of level in numeric columns of any scale. Weak on changes of spread and on tails; with ties its p-value is cautious. Look at the two quantile curves where they are furthest apart.",
			Cite:    "scipy.stats.ks_2samp(method='auto')",
			Needs:   "a value on each side; equal constants give 0, different ones 1"},
		Kinds: Quantitative, Default: Quantitative, Material: 0.1,
		Laws:  Laws{Symmetric: true, Monotone: true, Scale: true},
		Score: func(s *sides) (float64, error) { return s.pair.KS() },
		P:     func(s *sides, d float64) (float64, error) { return stat.KSP(d, s.n, s.m) },
		Judge: func(s *sides) (stat.Judged, error) {
			// The mean of Kolmogorov's distribution is sqrt(π/2)·ln 2.
			return s.plain(s.pair.KS, 0.8687311605*s.noise(), 1.36*s.noise())
		},
		Detect: func(s *sides, alpha float64) float64 { return stat.DetectableKS(alpha) * s.noise() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "wasserstein", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Average distance that values would have to move, in the column's own unit.",
			Formula: "∫ |F_cur(x) - F_ref(x)| dx",
			Use:     "Says how far a numeric column moved, in units that people know. Not comparable between columns: use wasserstein_normed for that.",
			Cite:    "scipy.stats.wasserstein_distance",
			Needs:   "a value on each side; undefined where it is beyond float64"},
		Kinds: Quantitative, Default: Quantitative,
		Laws:  Laws{Symmetric: true, Monotone: true},
		Score: func(s *sides) (float64, error) { return s.wasserstein() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "wasserstein_normed", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Wasserstein distance in standard deviations of the reference.",
			Formula: "wasserstein / std_ref (n-1)",
			Use:     "Compares how far numeric columns moved. Outliers weigh by their distance: a broken unit shows at once. Undefined for a constant reference.",
			Cite:    "scipy.stats.wasserstein_distance",
			Needs:   "a value now and two different ones in the reference: null with a reason where the reference does not vary"},
		Kinds: Quantitative, Default: Quantitative, Material: 0.1,
		Laws:  Laws{Monotone: true, Scale: true},
		Score: func(s *sides) (float64, error) { return s.normed(s.wasserstein) },
		Judge: func(s *sides) (stat.Judged, error) {
			null, err := s.normed(s.pair.NullWasserstein)
			if err != nil {
				return stat.Judged{}, err
			}
			value := func() (float64, error) { return s.normed(s.wasserstein) }
			return s.plain(value, null, 1.959963984540054*s.noise())
		},
		Detect: func(s *sides, alpha float64) float64 { return stat.DetectableLevel(alpha) * s.noise() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "energy_distance", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Root of twice the squared area between the two distribution functions.",
			Formula: "sqrt(2 ∫ (F_cur(x) - F_ref(x))² dx)",
			Use:     "An alternative to wasserstein that weighs the middle more than the tails. Its unit is the root of the column's unit.",
			Cite:    "scipy.stats.energy_distance",
			Needs:   "a value on each side; undefined where it is beyond float64"},
		Kinds: Quantitative,
		Laws:  Laws{Symmetric: true, Monotone: true},
		Score: func(s *sides) (float64, error) { return s.pair.Energy() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "cramer_von_mises", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Average squared distance between the two distribution functions, times the effective number of rows.",
			Formula: "T = nm/(n+m)² Σ (F_cur(x) - F_ref(x))² over all values, by midranks. The p-value is that of the limit distribution",
			Use:     "Stronger than ks_statistic on changes in the middle, where both test the whole shape. It grows with the number of rows: read its p-value. With many repeated values and sides of different sizes it is inflated, as SciPy's is: take anderson_darling there.",
			Cite:    "scipy.stats.cramervonmises_2samp(method='asymptotic'); Anderson, 1962",
			Needs:   "two values on each side"},
		Kinds: Quantitative,
		Laws:  Laws{Symmetric: true, Scale: true, Sized: true},
		Score: func(s *sides) (float64, error) { return s.pair.CramerVonMises() },
		P:     func(s *sides, t float64) (float64, error) { return stat.CramerVonMisesP(t, s.n, s.m) },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "anderson_darling", Low: math.Inf(-1), High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Squared distance between the two distribution functions, each place weighed by how sure it is there.",
			Formula: "(A² - 1) / σ with midranks, A² = (N-1)nm/N² Σ t (F_cur - F_ref)² / (H(1-H) - t/4), t the share of a value, F and H in its middle; σ without ties. The p-value counts all splits of the values where there are few, else uses the limit that these very ties have",
			Use:     "Sees changes in the tails that ks_statistic and cramer_von_mises miss, and knows ties. About 0 without change, negative where the sides are more alike than chance. It grows with the number of rows: read its p-value.",
			Cite:    "scipy.stats.anderson_ksamp(midrank=True); Scholz and Stephens, 1987",
			Needs:   "a value on each side, four together and two different ones; equal sides give the smallest value, about -1.3"},
		Kinds: Quantitative,
		Laws:  Laws{Symmetric: true, Monotone: true, Scale: true, Floor: true},
		Score: func(s *sides) (float64, error) { return s.pair.AndersonDarling() },
		P:     func(s *sides, _ float64) (float64, error) { return s.pair.AndersonDarlingP() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "mean_shift", Low: math.Inf(-1), High: math.Inf(1), Labels: perColumn,
			Help:    "Difference of the means in standard deviations (Cohen's d), with its sign.",
			Formula: "(mean_cur - mean_ref) / sqrt(((n-1)·var_ref + (m-1)·var_cur) / (n+m-2))",
			Use:     "Tells direction and size of a shift. Blind to everything but the mean, and led by outliers.",
			Cite:    "Cohen, Statistical Power Analysis, 1988",
			Needs:   "two values on each side; two equal constants give 0, two different ones are null with a reason: there is no spread to measure the shift by"},
		Kinds: Quantitative, Material: 0.2,
		Laws:  Laws{Symmetric: true, Signed: true, Scale: true},
		Score: (*sides).meanShift,
		Judge: func(s *sides) (stat.Judged, error) {
			return s.plain(s.meanShift, math.Sqrt(2/math.Pi)*s.noise(), 1.959963984540054*s.noise())
		},
		Detect: func(s *sides, alpha float64) float64 { return stat.DetectableLevel(alpha) * s.noise() },
	},
	ofCells("psi", "", math.Inf(1), 0.1, Both, stat.PSI,
		"Population stability index over deciles of the reference, or categories.",
		"Σ (q-p)·ln(q/p) with p, q = (count+½)/(n+k/2), p the reference",
		"The usual number in credit scoring, where 0.1 and 0.25 count as moderate and large. Without change it is about (k-1)(1/n+1/m), which is why the effect here is counted from there.",
		"Siddiqi, Credit Risk Scorecards, 2006", Laws{Symmetric: true, Monotone: true, Scale: true},
		func(s *sides, x float64) float64 { return x }),
	ofCells("kl_divergence", "nats", math.Inf(1), 0, 0, stat.KL,
		"Kullback-Leibler divergence of the current side from the reference.",
		"Σ q·ln(q/p), smoothed as psi, in nats",
		"For those who know it from elsewhere; not symmetric. js_distance is bounded and easier to read.",
		"Kullback and Leibler, 1951", Laws{Monotone: true, Scale: true}, nil),
	ofCells("js_divergence", "bits", 1, 0.01, 0, stat.JSDivergence,
		"Jensen-Shannon divergence over deciles of the reference, or categories.",
		"½ Σ p·log2(p/r) + ½ Σ q·log2(q/r) with r = (p+q)/2",
		"The square of js_distance: use that one to judge, this one to add up.",
		"scipy.spatial.distance.jensenshannon(base=2)²", Laws{Symmetric: true, Monotone: true, Scale: true},
		func(s *sides, x float64) float64 { return x / (8 * math.Ln2) }),
	ofCells("js_distance", "", 1, 0.1, Both, stat.JSDistance,
		"Jensen-Shannon distance over deciles of the reference, or categories.",
		"sqrt(js_divergence), in 0..1",
		"The number that decides by default: bounded, symmetric, the same for numbers and categories, 0 without change and 1 for sides without overlap. 0.1 is a shift of about a third of a standard deviation, or a category that goes from 10% to 18%.",
		"scipy.spatial.distance.jensenshannon(base=2)", Laws{Symmetric: true, Monotone: true, Scale: true},
		func(s *sides, x float64) float64 { return math.Sqrt(x / (8 * math.Ln2)) }),
	ofCells("hellinger", "", 1, 0.1, 0, stat.Hellinger,
		"Hellinger distance over deciles of the reference, or categories.",
		"sqrt(1 - Σ sqrt(p·q))",
		"Close to js_distance for small changes and as bounded.",
		"Hellinger, 1909", Laws{Symmetric: true, Monotone: true, Scale: true},
		func(s *sides, x float64) float64 { return math.Sqrt(x / 8) }),
	ofCells("total_variation", "ratio", 1, 0.1, Discrete, stat.TotalVariation,
		"Share of the values that would have to change their category.",
		"½ Σ |q - p|",
		"The easiest to explain: 0.07 means that 7% of the rows moved.",
		"Levin and Peres, Markov Chains and Mixing Times, 2017", Laws{Symmetric: true, Monotone: true, Scale: true},
		func(s *sides, x float64) float64 { return math.Sqrt(x) / 2 }),
	{
		Desc: metric.Desc{Check: Name, Name: "chi2_statistic", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Pearson's statistic of the test that both sides have the same shares.",
			Formula: "Σ (observed - expected)² / expected over both sides, uncorrected. The p-value is that of cells pooled by Cochran's rule",
			Use:     "The classical test for categories. It grows with the number of rows: read its p-value, and take the size of the change from js_distance or cramers_v.",
			Cite:    "scipy.stats.chi2_contingency(correction=False); Cochran, 1954",
			Needs:   "a value on each side; one cell for all values gives 0 and no p-value, and so do cells that Cochran's rule pools into one"},
		Kinds: Both, Default: Discrete,
		Laws: Laws{Symmetric: true, Scale: true},
		Score: func(s *sides) (float64, error) {
			chi, _, err := s.cells.ChiSquare()
			return chi, err
		},
		P: func(s *sides, _ float64) (float64, error) { return s.cells.ChiSquareP() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "g_statistic", Low: 0, High: math.Inf(1), Better: "lower", Labels: perColumn,
			Help:    "Log-likelihood ratio statistic of the test that both sides have the same shares.",
			Formula: "2 Σ observed·ln(observed/expected) over both sides",
			Use:     "An alternative to chi2_statistic that adds up over subgroups.",
			Cite:    "scipy.stats.chi2_contingency(correction=False, lambda_='log-likelihood')",
			Needs:   "a value on each side; one cell for all values gives 0"},
		Kinds: Both,
		Laws:  Laws{Symmetric: true, Scale: true},
		Score: func(s *sides) (float64, error) { return s.cells.G() },
	},
	{
		Desc: metric.Desc{Check: Name, Name: "cramers_v", Low: 0, High: 1, Better: "lower", Labels: perColumn,
			Help:    "Strength of the association between side and category.",
			Formula: "sqrt(chi2_statistic / N)",
			Use:     "chi2_statistic freed from the number of rows. Depends on the ratio of the two sides' sizes.",
			Cite:    "Cramér, Mathematical Methods of Statistics, 1946",
			Needs:   "a value on each side; one cell for all values gives 0"},
		Kinds: Both,
		Laws:  Laws{Symmetric: true, Scale: true},
		Score: func(s *sides) (float64, error) { return s.cells.CramersV() },
	},
}

// ofCells is a row for a distance over cells. detect turns the noncentrality
// of chi-squared per effective row into the distance's unit; nil where the
// method judges nothing.
func ofCells(name, unit string, high, material float64, standard Kinds, d *stat.Distance,
	help, formula, use, cite string, laws Laws, detect func(*sides, float64) float64) Method {
	m := Method{
		Desc: metric.Desc{Check: Name, Name: name, Unit: unit, Low: 0, High: high, Better: "lower", Labels: perColumn,
			Help: help, Formula: formula, Use: use, Cite: cite, Needs: "a value on each side; one cell for all values gives 0"},
		Kinds: Both, Default: standard, Material: material, Laws: laws,
		Score: func(s *sides) (float64, error) { return d.Of(s.cells) },
	}
	if detect != nil {
		m.Judge = func(s *sides) (stat.Judged, error) { return d.Judge(s.cells) }
		m.Detect = func(s *sides, alpha float64) float64 {
			noise := s.noise()
			return detect(s, stat.DetectableChi(alpha, max(s.cells.Pooled().K()-1, 1))*noise*noise)
		}
		m.Floor = func(s *sides, null, scale float64) float64 {
			// Sampling moves all cells, each in its own way; what makes windows differ is one thing.
			one := detect(s, float64(s.noise()*s.noise()))
			more := float64(scale*scale) - 1
			if detect(s, 4) < 3*detect(s, 1) { // twice as much and not four times: a distance, not its square
				return math.Sqrt(float64(null*null) + float64(one*one*more))
			}
			return null + float64(one*more)
		}
	}
	return m
}

// noise is the scale of differences between two samples that differ by chance
// alone: sqrt(1/n + 1/m).
func (s *sides) noise() float64 { return math.Sqrt(1/float64(s.n) + 1/float64(s.m)) }

// plain judges a value that is linear in the change.
func (s *sides) plain(value func() (float64, error), null, half float64) (stat.Judged, error) {
	v, err := value()
	if err != nil {
		return stat.Judged{}, err
	}
	null, half = float64(null), float64(half) // products are rounded before they are added, see archtest
	low := v - half
	if v >= 0 {
		low = max(low, 0)
	}
	return stat.Judged{Value: v, Null: null, Effect: max(math.Abs(v)-null, 0), Low: low, High: v + half}, nil
}

// wasserstein is asked for by several methods.
func (s *sides) wasserstein() (float64, error) {
	if !s.measured {
		s.far, s.farErr = s.pair.Wasserstein()
		s.measured = true
	}
	return s.far, s.farErr
}

// normed divides a distance by the reference's standard deviation.
func (s *sides) normed(distance func() (float64, error)) (float64, error) {
	std := s.ref.Numeric.Std()
	if math.IsNaN(std) {
		return 0, stat.ErrFew
	}
	if std == 0 {
		return 0, stat.ErrConstant
	}
	d, err := distance()
	if err != nil {
		return 0, err
	}
	if d /= std; math.IsInf(d, 0) {
		return 0, stat.ErrOverflow
	}
	return d, nil
}

func (s *sides) meanShift() (float64, error) {
	a, b := s.ref.Numeric, s.cur.Numeric
	return stat.MeanShift(a.Mean(), a.Std(), s.n, b.Mean(), b.Std(), s.m)
}
