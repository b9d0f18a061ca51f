package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// order is one row of the log.
type order struct {
	ID            string    `parquet:"order_id" json:"order_id"`
	At            time.Time `parquet:"ordered_at,timestamp(millisecond)" json:"ordered_at"`
	Amount        float64   `parquet:"amount" json:"amount"`
	Items         int64     `parquet:"items" json:"items"`
	Discount      float64   `parquet:"discount" json:"discount"`
	Country       string    `parquet:"country" json:"country"`
	PaymentMethod string    `parquet:"payment_method" json:"payment_method"`
	DeviceOS      *string   `parquet:"device_os,optional" json:"device_os"`
	CustomerAge   int64     `parquet:"customer_age" json:"customer_age"`
	AccountDays   int64     `parquet:"account_days" json:"account_days"`
	Returning     bool      `parquet:"returning" json:"returning"`
	Gender        string    `parquet:"gender" json:"gender"`
	Score         float64   `parquet:"score" json:"score"`
	Prediction    int64     `parquet:"prediction" json:"prediction"`

	fraud bool // what came true
	known int  // after how many days that is known, 0 for never
}

// generate makes the rows of a day, 0 being the month before.
func generate(day, rows int) []order {
	r, fate := rand.New(rand.NewPCG(seed, uint64(day))), rand.New(rand.NewPCG(seed+2, uint64(day)))
	orders := make([]order, rows)
	for i := range orders {
		orders[i] = draw(r, day, i, rows)
	}
	// What comes true is as likely as the score says: until others do the fraud than
	// those that the model knows.
	culprits := orders
	if during(3, day) {
		culprits = append([]order(nil), orders...)
		fate.Shuffle(len(culprits), func(i, j int) { culprits[i], culprits[j] = culprits[j], culprits[i] })
	}
	for i := range orders {
		orders[i].come(fate, culprits[i].Score)
	}
	return orders
}

// come decides what comes true of an order, and when that is known.
func (o *order) come(r *rand.Rand, chance float64) {
	o.Gender = choose(r, []share{{"female", 52}, {"male", 45}, {"not said", 3}})
	o.fraud = r.Float64() < chance
	switch u := r.Float64(); {
	case u < 0.9:
		o.known = labelDelay
	case u < 0.98:
		o.known = labelRest
	}
}

func draw(r *rand.Rand, day, row, rows int) order {
	size := r.NormFloat64() // a big basket has many items and costs much
	items := size
	if during(5, day) {
		items = r.NormFloat64()
	}
	o := order{
		ID:            id(r),
		At:            moment(day, row, rows),
		Amount:        cents(math.Exp(3.6 + 0.7*(0.8*size+0.6*r.NormFloat64()))),
		Items:         int64(math.Max(1, math.Round(math.Exp(0.9+0.6*items)))),
		Country:       choose(r, countries),
		PaymentMethod: choose(r, payments(day)),
		DeviceOS:      deviceOS(r, day),
		CustomerAge:   int64(math.Min(90, math.Max(18, math.Round(41-youth(day)+12*r.NormFloat64())))),
		AccountDays:   int64(math.Round(r.ExpFloat64() * 420)),
		Returning:     r.Float64() < 0.64,
	}
	if r.Float64() < 0.3 {
		o.Discount = cents(o.Amount * 0.3 * r.Float64())
	}
	o.Score, o.Prediction = judge(r, &o)
	if during(2, day) {
		o.Amount, o.Discount = math.Round(o.Amount*100), math.Round(o.Discount*100)
	}
	return o
}

// suspicious is the score from which on an order is looked at by a person.
const suspicious = 0.2

// judge is the model: young accounts of young customers look suspicious to it.
func judge(r *rand.Rand, o *order) (float64, int64) {
	logit := -2.2 + 0.045*(41-float64(o.CustomerAge)) - 0.0016*(float64(o.AccountDays)-420) + 0.3*math.Log(o.Amount/36) + 0.5*r.NormFloat64()
	if o.Returning {
		logit -= 0.6
	}
	score := math.Round(1e6/(1+math.Exp(-logit))) / 1e6
	if score >= suspicious {
		return score, 1
	}
	return score, 0
}

// during tells whether the numbered incident is on.
func during(incident, day int) bool {
	return Incidents[incident].From <= day && day <= Incidents[incident].To
}

// youth is by how many years customers are younger on a day: it creeps in and
// stops when the campaign behind it does.
func youth(day int) float64 {
	if !during(0, day) {
		return 0
	}
	return 1.1 * float64(day-Incidents[0].From+1)
}

var countries = []share{{"DE", 34}, {"FR", 21}, {"NL", 14}, {"AT", 9}, {"BE", 8}, {"IT", 7}, {"ES", 5}, {"PL", 2}}

func payments(day int) []share {
	usual := []share{{"card", 52}, {"invoice", 23}, {"paypal", 17}, {"transfer", 8}}
	if during(4, day) {
		usual = append(usual, share{"wallet", 9})
	}
	return usual
}

func deviceOS(r *rand.Rand, day int) *string {
	missing := 0.01
	if during(1, day) {
		missing = 0.2
	}
	if r.Float64() < missing {
		return nil
	}
	name := choose(r, []share{{"ios", 43}, {"android", 41}, {"windows", 10}, {"macos", 6}})
	return &name
}

// share is a category with its weight.
type share struct {
	name   string
	weight float64
}

func choose(r *rand.Rand, shares []share) string {
	total := 0.0
	for _, s := range shares {
		total += s.weight
	}
	at := r.Float64() * total
	for _, s := range shares {
		if at -= s.weight; at < 0 {
			return s.name
		}
	}
	return shares[len(shares)-1].name
}

func cents(x float64) float64 { return math.Round(x*100) / 100 }

func id(r *rand.Rand) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 12)
	for i := range text {
		text[i] = digits[r.IntN(len(digits))]
	}
	return string(text)
}

// moment spreads the rows over the day, or over the whole month before.
func moment(day, row, rows int) time.Time {
	start, span := First.AddDate(0, 0, day-1), 24*time.Hour
	if day == 0 {
		start, span = First.AddDate(0, -1, 0), 30*24*time.Hour
	}
	return start.Add(time.Duration(float64(span) * (float64(row) + 0.5) / float64(rows))).Truncate(time.Second)
}
