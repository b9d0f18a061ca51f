// Package capture reads what SageMaker writes of an endpoint: data capture (one JSON
// object a line, with the request and the answer as texts within it) and ground
// truth. [Reader] turns a stream of these into JSON Lines that are flat, one object
// for each row of each request, so that all behind it need not know where rows came
// from:
//
//	{"captureData": {"endpointInput": {"data": "9,45\n27,21", "encoding": "CSV"}, "endpointOutput": {"data": "0.3\n0.4", ...}}, "eventMetadata": {"eventId": "74b0", "inferenceTime": "2026-11-29T10:00:00Z"}, ...}
//
// becomes
//
//	{"event_id":"74b0:0","inference_time":"2026-11-29T10:00:00Z","_c0":9,"_c1":45,"prediction":0.3}
//	{"event_id":"74b0:1","inference_time":"2026-11-29T10:00:00Z","_c0":27,"_c1":21,"prediction":0.4}
//
// Requests and answers are CSV or JSON, plain or in base64. JSON is what endpoints
// speak: {"instances": [...]}, {"features": [...]}, lists, plain objects, or several
// of them one after the other. The id is inferenceId where there is one, else
// eventId, which is what ground truth is found by.
//
// Memory is bounded by the longest line, whatever the number of its rows.
package capture
