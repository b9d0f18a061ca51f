// Package s3event reads what AWS delivers to a function: notifications of S3, as
// they are, through EventBridge, SNS or SQS, or SNS and SQS; what EventBridge
// sends on a schedule; and calls by a person or a workflow, such as
//
//	{"leeway": "run", "models": ["churn"]}
//	{"leeway": "doctor"}
//
// [Decode] gives the messages, [Delivery.Answer] what to answer with: to a queue
// which messages it is to deliver again, to all others an error if something is
// worth another try.
//
// Keys are written in various ways. Notifications of S3 escape them like a form
// (a space is a plus), EventBridge does not; servers other than S3 do as they
// like. So each object comes with all that its key may be, the likeliest first,
// and who acts on it looks which of them is there.
package s3event
