package awsfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// publish is SNS, which speaks forms and XML.
func (s *Server) publish(w http.ResponseWriter, body []byte) {
	form, err := url.ParseQuery(string(body))
	refuse := func(format string, args ...any) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>%s</Message></Error></ErrorResponse>", fmt.Sprintf(format, args...))
	}
	subject, message := form.Get("Subject"), form.Get("Message")
	parts := map[string]string{"default": message}
	switch {
	case err != nil || form.Get("Action") != "Publish":
		refuse("action")
		return
	case len(subject) > 100 || strings.IndexFunc(subject, func(c rune) bool { return c < ' ' || c > '~' }) >= 0:
		refuse("subject")
		return
	case len(message) > 256<<10 || message == "" || strings.ContainsRune(message, 0):
		refuse("message of %d bytes", len(message))
		return
	case form.Get("MessageStructure") == "json" && (json.Unmarshal([]byte(message), &parts) != nil || parts["default"] == ""):
		refuse("message is no JSON with a default")
		return
	}
	id := "" // a message without event_id does not count as one: nobody could tell its repetitions
	for i := 1; ; i++ {
		entry := fmt.Sprintf("MessageAttributes.entry.%d.", i)
		name := form.Get(entry + "Name")
		if name == "" {
			break
		}
		if name == "event_id" {
			id = form.Get(entry + "Value.StringValue")
		}
	}
	if strings.HasSuffix(form.Get("TopicArn"), ".fifo") {
		unique := form.Get("MessageDeduplicationId")
		if unique == "" || form.Get("MessageGroupId") == "" {
			refuse("a fifo topic needs a group and an id")
			return
		}
		if s.names["sns "+unique] != "" {
			id = ""
		}
		s.names["sns "+unique] = "sent"
	}
	if id != "" {
		s.all = append(s.all, id+" "+parts["default"])
	}
	fmt.Fprint(w, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>")
}

// putEvents is EventBridge.
func (s *Server) putEvents(body []byte) (any, *refusal) {
	type entry struct {
		Source, DetailType, Detail, EventBusName string
		Time                                     float64
	}
	in, wrong := read[struct{ Entries []entry }](body)
	if wrong != nil {
		return nil, wrong
	}
	if n := len(in.Entries); n == 0 || n > 10 {
		return nil, invalid("%d entries", n)
	}
	type result struct{ EventId, ErrorCode, ErrorMessage string }
	out := struct {
		FailedEntryCount int
		Entries          []result
	}{}
	for _, e := range in.Entries {
		var detail map[string]any
		switch {
		case len(e.Source)+len(e.DetailType)+len(e.Detail) > 256<<10:
			return nil, invalid("entry too large")
		case json.Unmarshal([]byte(e.Detail), &detail) != nil || e.Source == "" || strings.HasPrefix(e.Source, "aws.") || len(e.DetailType) > 128 || s.partial:
			out.FailedEntryCount++
			out.Entries = append(out.Entries, result{ErrorCode: "InternalFailure", ErrorMessage: "not taken"})
		default:
			s.all = append(s.all, fmt.Sprint(e.EventBusName, " ", e.Source, " ", e.DetailType, " ", e.Detail))
			out.Entries = append(out.Entries, result{EventId: "1"})
		}
	}
	return out, nil
}

var executionName = regexp.MustCompile(`^[0-9A-Za-z_-]{1,80}$`)

// startExecution is Step Functions, of a standard state machine.
func (s *Server) startExecution(body []byte) (any, *refusal) {
	in, wrong := read[struct{ StateMachineArn, Name, Input string }](body)
	switch {
	case wrong != nil:
		return nil, wrong
	case !executionName.MatchString(in.Name):
		return nil, &refusal{"InvalidName", in.Name}
	case !json.Valid([]byte(in.Input)) || len(in.Input) > 256<<10:
		return nil, &refusal{"InvalidExecutionInput", "input"}
	}
	name := "sfn " + in.Name
	if known, there := s.names[name]; there && (known != in.Input || s.over[name]) {
		return nil, &refusal{"ExecutionAlreadyExists", "Execution Already Exists: '" + in.Name + "'"}
	} else if !there {
		s.names[name] = in.Input
		s.all = append(s.all, in.Name+" "+in.Input)
	}
	return map[string]any{"executionArn": in.StateMachineArn + ":" + in.Name, "startDate": 1.5}, nil
}

var displayName = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}$`)

// startPipeline is SageMaker.
func (s *Server) startPipeline(body []byte) (any, *refusal) {
	in, wrong := read[struct {
		PipelineName, ClientRequestToken, PipelineExecutionDisplayName, PipelineExecutionDescription string
		PipelineParameters                                                                           []struct{ Name, Value string }
	}](body)
	switch {
	case wrong != nil:
		return nil, wrong
	case len(in.ClientRequestToken) < 32 || len(in.ClientRequestToken) > 128:
		return nil, invalid("ClientRequestToken")
	case !displayName.MatchString(in.PipelineExecutionDisplayName) || len(in.PipelineExecutionDescription) > 3072 || len(in.PipelineParameters) > 200:
		return nil, invalid("PipelineExecutionDisplayName")
	}
	text := in.ClientRequestToken
	for _, p := range in.PipelineParameters {
		if p.Name == "" || len(p.Value) > 1024 {
			return nil, invalid("parameter %s", p.Name)
		}
		text += " " + p.Name + "=" + p.Value
	}
	name := "pipeline " + in.ClientRequestToken
	if _, there := s.names[name]; !there {
		s.names[name] = text
		s.all = append(s.all, text)
	}
	return map[string]string{"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:1:pipeline/p/execution/1"}, nil
}

// sendMessage is SQS, with a queue as it is made unless more is asked for.
func (s *Server) sendMessage(body []byte) (any, *refusal) {
	in, wrong := read[struct {
		QueueUrl, MessageBody string
		DelaySeconds          int
	}](body)
	bad := func(format string, args ...any) (any, *refusal) {
		return nil, &refusal{"com.amazonaws.sqs#InvalidParameterValue", fmt.Sprintf(format, args...)}
	}
	switch {
	case wrong != nil:
		return nil, wrong
	case in.QueueUrl == "":
		return nil, &refusal{"com.amazonaws.sqs#QueueDoesNotExist", "no queue is named"}
	case len(in.MessageBody) == 0 || len(in.MessageBody) > 256<<10:
		return bad("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", 256<<10)
	case in.DelaySeconds < 0 || in.DelaySeconds > 900:
		return bad("Value %d for parameter DelaySeconds is invalid.", in.DelaySeconds)
	}
	s.all = append(s.all, in.MessageBody)
	return map[string]string{"MessageId": "1"}, nil
}
