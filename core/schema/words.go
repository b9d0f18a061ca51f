package schema

import (
	"strings"
	"unicode"
)

// words cuts a column's name into lower-case words: at everything that is
// neither letter nor digit, and where camelCase begins a new word.
func words(name string) []string {
	var list []string
	letters := []rune(name)
	start := -1
	cut := func(end int) {
		if start >= 0 && end > start {
			list = append(list, strings.ToLower(string(letters[start:end])))
		}
		start = -1
	}
	for i, c := range letters {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			cut(i)
			continue
		case start < 0:
			start = i
			continue
		case unicode.IsUpper(c):
			before := letters[i-1]
			next := i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if unicode.IsLower(before) || unicode.IsDigit(before) || unicode.IsUpper(before) && next {
				cut(i)
				start = i
			}
		}
	}
	cut(len(letters))
	return list
}

// bare is a name without case and separators: "Y_Pred", "yPred" and "y pred"
// are all "ypred".
func bare(name string) string { return strings.Join(words(name), "") }

func set(names string) map[string]bool {
	list := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		list[name] = true
	}
	return list
}

// ranked is a set whose members have an order of preference, the best first.
func ranked(names string) map[string]int {
	list := map[string]int{}
	for i, name := range strings.Fields(names) {
		list[name] = i + 1
	}
	return list
}

func anyOf(list []string, of map[string]bool) bool {
	for _, word := range list {
		if of[word] {
			return true
		}
	}
	return false
}

// Usual names, bare. What is missing here is one line of configuration away;
// a wrong guess costs more trust than a missing one, so that words with a
// second common meaning ("weight", "p", "risk") are left out or need the
// values to agree.
var (
	idNames   = set("id ids index idx uuid guid no nr number rowid rownum rownumber row rownr key pk recordno instant unnamed0 uid eventid inferenceid requestid")
	idSuffix  = set("id uuid guid uid key index idx")
	timeNames = ranked("timestamp eventtimestamp eventtime predictiontimestamp predictiontime predictedat inferencetimestamp inferencetime scoredat requesttimestamp requesttime loggedat eventdate datetime time ts date eventts createdat created day month week year")
	timeWords = ranked("timestamp datetime time ts date at on day")
	pastWords = set("birth dob birthday birthdate born expiry expires expiration end ended finish finished closed updated modified until to out dropoff")

	predictionNames = ranked("ypred prediction yhat predicted pred preds predictions predictedlabel predictedclass predictionlabel predlabel predictedvalue yprediction ypredicted modelprediction modeloutput")
	scoreNames      = ranked("ypredproba yproba predictionprobability predictedprobability predictionproba predproba predprob predictionscore predictedscore modelscore yscore probability proba prob score confidence predictionconfidence p pred1 p1 proba1 probability1 ypredproba1")
	scorePrefixes   = ranked("ypredproba predictedprobability predictionprobability predproba predprob yproba yscore probability proba prob score p")
	labelNames      = ranked("ytrue label groundtruth target y actual truelabel actuallabel truth gt labels targets actuals actualvalue targetvalue ylabel")
	outcomeNames    = set("class outcome churn churned ischurn ischurned haschurned exited survived fraud isfraud isfraudulent spam isspam default defaulted isdefault defaultpaymentnextmonth loandefault canceled cancelled iscanceled iscancelled converted conversion isconverted clicked click isclicked isclick response responded diagnosis readmitted approved hired attrition recidivism twoyearrecid repaid purchased subscribed deposit")
	weightNames     = ranked("sampleweight sampleweights instanceweight caseweight rowweight observationweight")

	// countWords mark numbers that are counted or measured, whatever else the
	// name says: "num_classes", "type_count".
	countWords = set("num n count counts cnt number total sum amount amt avg average mean median rate ratio pct percent percentage share score age year yr years hour hr day size length len min max std delta diff")
	// codeWords mark integers that stand for something else.
	codeWords = set("code codes class pclass type category cat sex gender race ethnicity religion education marriage marital season month mnth weekday dow dayofweek quarter region zone district status state country city group cluster segment channel department dept occupation job weather weathersit kind mode method plan color colour language lang device browser product brand bin bucket grp")
	// longCodes mark digits that are never a quantity, however many there are.
	longCodes = set("zip zipcode postcode postal postalcode plz phone telephone mobile fax isbn ean upc gtin sku ssn fips naics sic iban bic msisdn imei vin ip")
	// flagWords begin the names of yes/no columns, whose last word may look
	// like a plural: "has_children".
	flagWords = set("is has had was were are can did does flag any with")
)

// counts tells whether the name is that of a count: a known word, or a plural
// ("babies", "parking_spaces") which is not a question ("has_children").
func counts(list []string) bool {
	if len(list) == 0 || flagWords[list[0]] {
		return false
	}
	if anyOf(list, countWords) {
		return true
	}
	last := list[len(list)-1]
	return len(last) > 3 && strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss") &&
		!strings.HasSuffix(last, "us") && !strings.HasSuffix(last, "is")
}
