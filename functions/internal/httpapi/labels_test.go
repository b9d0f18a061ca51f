package httpapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/state"
	"leeway/functions/internal/httpapi"
)

// TestLabelsAreLookedAt: labels that lack what they are joined by are refused at once,
// and nothing of them is put.
func TestLabelsAreLookedAt(t *testing.T) {
	var asked string
	f := start(t, func(o *httpapi.Options) {
		o.Labels = func(_ context.Context, model string, source format.Source) error {
			data, err := io.ReadAll(source.Stream)
			asked = model + " " + source.Name + " " + string(data)
			if err != nil || strings.HasPrefix(string(data), "id,") {
				return err
			}
			return &fault.Error{Kind: fault.Invalid, Err: errors.New(`the label file has no column "id"`), Hint: "name the column of ids as in the logs"}
		}
	})
	f.post("/api/v1/models/new/logs", "text/csv", "id,x\n1,2\n")
	answer := f.post("/api/v1/models/new/labels", "text/csv", "fruit,label\n1,2\n")
	if answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("labels without an id: %s", answer.Status)
	}
	text := string(answer.body)
	if !strings.Contains(text, "name the column of ids as in the logs") || asked != "new labels.csv fruit,label\n1,2\n" {
		t.Errorf("%s, asked %q", text, asked)
	}
	if answer := f.post("/api/v1/models/new/labels", "text/csv", "id,label\n1,2\n"); answer.StatusCode != http.StatusAccepted {
		t.Errorf("labels with an id: %s", answer.Status)
	}
	if answer := f.post("/api/v1/models/new/logs", "text/csv", "fruit,label\n1,2\n"); answer.StatusCode != http.StatusAccepted {
		t.Errorf("logs: %s", answer.Status)
	}
}

// TestLabelsOfNoModel: labels of a model that is not there are refused with the name
// that was meant, and nothing is put; logs make a model.
func TestLabelsOfNoModel(t *testing.T) {
	f := start(t, nil)
	models, err := f.db.Models(context.Background())
	if err != nil || len(models) == 0 {
		t.Fatal(models, err)
	}
	name := models[0] + "x"
	answer := f.post("/api/v1/models/"+name+"/labels", "text/csv", "id,label\n1,2\n")
	if text := string(answer.body); answer.StatusCode != http.StatusNotFound || !strings.Contains(text, "did you mean "+models[0]+"?") {
		t.Errorf("%s: %s", answer.Status, text)
	}
	if answer := f.post("/api/v1/models/"+name+"/logs", "text/csv", "id,x\n1,2\n"); answer.StatusCode != http.StatusAccepted {
		t.Errorf("logs: %s", answer.Status)
	}
	if answer := f.post("/api/v1/models/"+name+"/labels", "text/csv", "id,label\n1,2\n"); answer.StatusCode != http.StatusAccepted {
		t.Errorf("labels after logs: %s", answer.Status)
	}
}

// TestInvalidLabelsCount: a label file in quarantine is among what could not be read.
func TestInvalidLabelsCount(t *testing.T) {
	f := start(t, nil)
	read := func() string {
		answer, err := http.Get(f.URL + "/api/v1/models")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	models, err := f.db.Models(context.Background())
	if err != nil || len(models) == 0 {
		t.Fatal(models, err)
	}
	if strings.Contains(read(), `"invalid":1`) {
		t.Fatal("something is invalid already")
	}
	file := state.LabelFile{Key: "labels/" + models[0] + "/l.csv", Hash: "h", Arrived: time.Unix(1, 0).UTC(), Error: "no id"}
	if err := f.db.PutLabels(context.Background(), models[0], file, "e", nil); err != nil {
		t.Fatal(err)
	}
	if text := read(); !strings.Contains(text, `"invalid":1`) {
		t.Error(text)
	}
}
