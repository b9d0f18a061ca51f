package demo

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

var header = []string{
	"order_id", "ordered_at", "amount", "items", "discount", "country", "payment_method",
	"device_os", "customer_age", "account_days", "returning", "gender", "score", "prediction",
}

func encodeCSV(orders []order) ([]byte, error) {
	var b bytes.Buffer
	err := writeCSV(&b, orders)
	return b.Bytes(), err
}

func writeCSV(w io.Writer, orders []order) error { return writeTable(w, header, orders, record) }

func writeTable(w io.Writer, header []string, orders []order, record func(*order) []string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for i := range orders {
		if err := out.Write(record(&orders[i])); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// encodeReference writes orders with what came true of them.
func encodeReference(orders []order) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	all := append(header[:len(header):len(header)], "fraud")
	err := writeTable(w, all, orders, func(o *order) []string { return append(record(o), truth(o)) })
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// encodeLabels writes what came true by id.
func encodeLabels(orders []order) ([]byte, error) {
	var b bytes.Buffer
	err := writeTable(&b, []string{"order_id", "fraud"}, orders, func(o *order) []string { return []string{o.ID, truth(o)} })
	return b.Bytes(), err
}

func truth(o *order) string {
	if o.fraud {
		return "1"
	}
	return "0"
}

func record(o *order) []string {
	device := ""
	if o.DeviceOS != nil {
		device = *o.DeviceOS
	}
	decimal := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []string{
		o.ID, o.At.Format(time.RFC3339), decimal(o.Amount), whole(o.Items), decimal(o.Discount), o.Country,
		o.PaymentMethod, device, whole(o.CustomerAge), whole(o.AccountDays), strconv.FormatBool(o.Returning),
		o.Gender, decimal(o.Score), whole(o.Prediction),
	}
}

func encodeGzip(orders []order) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	err := errors.Join(writeCSV(w, orders), w.Close())
	return b.Bytes(), err
}

func encodeZstd(orders []order) ([]byte, error) {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		return nil, err
	}
	err = errors.Join(writeCSV(w, orders), w.Close())
	return b.Bytes(), err
}

func encodeJSONL(orders []order) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	for i := range orders {
		if err := encoder.Encode(&orders[i]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func encodeParquet(orders []order) ([]byte, error) {
	var b bytes.Buffer
	w := parquet.NewGenericWriter[order](&b, parquet.Compression(&parquet.Snappy))
	_, err := w.Write(orders)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}
