package cost

// Price is what a cloud takes for a unit of something, in US dollars.
type Price struct {
	Name   string // in docs
	USD    float64
	Unit   string  // what USD is for one of
	Free   float64 // units a month that an account has for nothing
	Source string  // where the price was read; "" for a list price that is widely known and was not looked up again
}

// AsOf is when the prices were looked up.
const AsOf = "2026-11-23"

// Region is whose prices they are.
const Region = "us-east-1"

// All lists the prices that an estimate multiplies with.
func All() []Price {
	p := &Prices
	return []Price{
		p.LambdaRequest, p.LambdaARM, p.LambdaX86, p.Storage, p.Get, p.Put, p.Metric, p.MetricRequest, p.Alarm, p.Composite,
		p.Dashboard, p.LogsGiga, p.Queue, p.Event, p.Schedule, p.Processing,
	}
}

// Prices of AWS.
var Prices = struct {
	LambdaRequest, LambdaARM, LambdaX86                          Price
	Storage, Get, Put                                            Price
	Metric, MetricRequest, Alarm, Composite, Dashboard, LogsGiga Price
	Queue, Event, Schedule                                       Price
	Processing                                                   Price
}{
	LambdaRequest: Price{"Lambda requests", 0.20 / 1e6, "requests", 1e6, "cloudchipr.com, AWS Lambda pricing"},
	LambdaARM:     Price{"Lambda, arm64", 0.0000133334, "GB-seconds", 400_000, "cloudchipr.com, AWS Lambda pricing"},
	LambdaX86:     Price{"Lambda, x86_64", 0.0000166667, "GB-seconds", 400_000, "cloudchipr.com, AWS Lambda pricing"},
	Storage:       Price{"S3 storage", 0.023, "GB-months", 0, ""},
	Get:           Price{"S3 GET", 0.40 / 1e6, "requests", 0, "athena.guide"},
	Put:           Price{"S3 PUT and LIST", 5.0 / 1e6, "requests", 0, "athena.guide"},
	Metric:        Price{"CloudWatch metrics, the first 10,000", 0.30, "metric-months", 10, "signoz.io, quoting the AWS page"},
	MetricRequest: Price{"CloudWatch PutMetricData", 0.01 / 1e3, "requests", 1e6, ""},
	Alarm:         Price{"CloudWatch alarms", 0.10, "metrics in alarms", 10, ""},
	Composite:     Price{"CloudWatch composite alarms", 0.50, "alarms", 0, ""},
	Dashboard:     Price{"CloudWatch dashboards", 3.00, "dashboard", 3, ""},
	LogsGiga:      Price{"CloudWatch logs", 0.50, "GB", 5, "factualminds.com"},
	Queue:         Price{"SQS requests", 0.40 / 1e6, "requests", 1e6, ""},
	Event:         Price{"EventBridge events", 1.00 / 1e6, "events", 0, ""},
	Schedule:      Price{"EventBridge Scheduler", 1.00 / 1e6, "invocations", 14e6, ""},
	Processing:    Price{"SageMaker Processing, ml.m5.xlarge", 0.23, "hours", 0, "third-party tables of prices, which agree"},
}

// tiers are what metrics cost beyond the first: how many at which price, the last
// without an end.
var tiers = []struct{ upTo, usd float64 }{{10_000, 0.30}, {250_000, 0.10}, {1_000_000, 0.05}, {-1, 0.02}}

// metricMonths is what so many metrics cost, tier by tier.
func metricMonths(n float64) float64 {
	total, from := 0.0, 0.0
	for _, t := range tiers {
		in := n - from
		if t.upTo >= 0 {
			in = min(in, t.upTo-from)
		}
		if in <= 0 {
			break
		}
		total += float64(in * t.usd)
		from = t.upTo
	}
	return total
}
