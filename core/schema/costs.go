package schema

// Costs is what the outcomes of one prediction cost, in money; below 0 they gain it.
// Which of them apply follows from the task; what is not configured costs nothing.
type Costs struct {
	Task     Task   // that the costs are of
	Currency string // as it is written behind amounts, may be ""

	TruePositive, FalsePositive float64 // binary
	TrueNegative, FalseNegative float64 // binary

	Confusion []ConfusionCost // multiclass: in the order of the configuration

	AbsoluteError float64 // regression: of each unit that a prediction is off
}

// ConfusionCost is what it costs that a class was predicted where another, or the
// same, came true.
type ConfusionCost struct {
	Actual, Predicted string
	Cost              float64
}
