"""Writes small Parquet files and what pyarrow reads from them and from the shared ones.

Usage: python scripts/golden/parquet.py [SHARED_DATA]      (from the root of the repository)

core/format/parquet/testdata/*.parquet   every type in every encoding, compression and page version
core/format/parquet/testdata/golden.json per file and column: rows, nulls, the first texts and a hash of all
"""

import datetime
import decimal
import hashlib
import json
import math
import pathlib
import sys
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TESTDATA = pathlib.Path("core/format/parquet/testdata")
EPOCH = datetime.date(1970, 1, 1).toordinal()


def fraction(text):
    return text.rstrip("0").rstrip(".")


def instant(nanos):
    seconds, nanos = divmod(nanos, 10**9)
    days, seconds = divmod(seconds, 86400)
    return f"{calendar(days)}T{clock(seconds * 10**9 + nanos)}Z"


def calendar(days):
    """The date of a day since 1970, of any year."""
    cycles, days = divmod(days, 146097)
    at = datetime.date.fromordinal(EPOCH + days)
    return f"{at.year + 400 * cycles:04d}-{at.month:02d}-{at.day:02d}"


def clock(nanos):
    seconds, nanos = divmod(nanos, 10**9)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return text + (fraction(f".{nanos:09d}") if nanos else "")


UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def number(value, kind):
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    value = value + 0.0
    if value == int(value) and abs(value) < 1e16:
        return f"{int(value)}.0"
    return repr(float(str(np.float32(value)))) if kind != pa.float64() else repr(value)


def element(value, kind):
    """A value within a list, as JSON."""
    if value is None:
        return "null"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "[" + ",".join(element(v, kind.value_type) for v in value) + "]"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind):
        return text(value, kind) or "null"
    return json.dumps(text(value, kind), ensure_ascii=False)


def text(value, kind):
    """What core/format/parquet says for a scalar, a list or a value within one; None for missing."""
    if value is None:
        return None
    if pa.types.is_dictionary(kind):
        return text(value, kind.value_type)
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if pa.types.is_floating(kind):
        return number(float(value), kind)
    if pa.types.is_decimal(kind):
        return f"{value:f}"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return element(value, kind)
    if pa.types.is_fixed_size_binary(kind):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return str(value)


def column(array):
    """The texts of a whole column."""
    kind = array.type
    if pa.types.is_timestamp(kind):
        whole, to = array.cast(pa.timestamp(kind.unit)).cast(pa.int64()).to_pylist(), instant
        return [None if v is None else to(v * UNITS[kind.unit]) for v in whole]
    if pa.types.is_time(kind):
        whole = array.cast(pa.int32() if pa.types.is_time32(kind) else pa.int64()).to_pylist()
        return [None if v is None else clock(v * UNITS[kind.unit]) for v in whole]
    if pa.types.is_date(kind):
        return [None if v is None else v.isoformat() for v in array.to_pylist()]
    if pa.types.is_floating(kind) and kind != pa.float64():
        array = array.cast(pa.float32())
    if kind == pa.float32() or kind == pa.float64():
        return [None if v is None else number(v, kind) for v in array.to_pylist()]
    return [text(v, kind) for v in array.to_pylist()]


def parts(kind):
    """The leaves of a type: the rest of their names, their types as columns and what takes them out of a value."""
    if pa.types.is_struct(kind):
        for i, field in enumerate(kind):
            for name, leaf, take in parts(field.type):
                yield f".{field.name}{name}", leaf, lambda v, take=take, key=field.name: None if v is None else take(v[key])
    elif pa.types.is_map(kind):
        for i, (key, item) in enumerate(((".key", kind.key_type), (".value", kind.item_type))):
            for name, leaf, take in parts(item):
                yield key + name, pa.list_(leaf), lambda v, take=take, i=i: None if v is None else [take(e[i]) for e in v]
    elif pa.types.is_list(kind):
        for name, leaf, take in parts(kind.value_type):
            yield name, pa.list_(leaf), lambda v, take=take: None if v is None else [take(e) for e in v]
    else:
        yield "", kind, lambda v: v


def leaves(name, array):
    """Structs become dotted columns, lists of structs and maps one list per leaf."""
    if pa.types.is_struct(array.type) and not any(pa.types.is_nested(f.type) for f in array.type):
        flat = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        for field, child in zip(array.type, flat.flatten()):
            yield f"{name}.{field.name}", child
    elif pa.types.is_nested(array.type):
        rows = array.to_pylist()
        for rest, kind, take in parts(array.type):
            yield name + rest, pa.array([take(r) for r in rows], kind)
    else:
        yield name, array


def describe(path):
    columns = []
    table = pq.ParquetFile(path).read()
    for name, array in zip(table.schema.names, table.columns):
        for leaf, values in leaves(name, array):
            texts = column(values)
            digest = hashlib.sha256()
            for t in texts:
                digest.update(b"\x00\n" if t is None else t.encode() + b"\n")
            columns.append({
                "name": leaf, "rows": len(texts), "nulls": sum(t is None for t in texts),
                "first": texts[:3], "sha256": digest.hexdigest()[:32],
            })
    return columns


def types(rows):
    rng = np.random.Generator(np.random.PCG64([2026, rows]))
    some = lambda values, kind: pa.array([None if rng.random() < 0.1 else v for v in values], kind)
    whole = rng.integers(-(2**31), 2**31, rows).tolist()
    small = rng.integers(0, 7, rows).tolist()
    day = rng.integers(-20000, 60000, rows).tolist()
    nanos = [int(v) for v in rng.integers(-(2**61), 2**62, rows)]
    ofday = rng.integers(0, 86_400_000, rows).tolist()
    words = ["", "a", "zwei", "drei und mehr", "日本", 'quo"te', "back\\slash", "tab\t", "x" * 40]
    dec = lambda digits, scale: [decimal.Decimal(int(rng.integers(-(10**9), 10**9)) * 10 ** (digits - 10)) .scaleb(-scale) for _ in range(rows)]
    return pa.table({
        "bool": some([v % 2 == 0 for v in small], pa.bool_()),
        "bool_required": pa.array([v > 3 for v in small], pa.bool_()),
        "int8": some([v - 3 for v in small], pa.int8()),
        "int16": some([v % 30000 for v in whole], pa.int16()),
        "int32": some(whole, pa.int32()),
        "int64": some([v * 2**31 for v in whole], pa.int64()),
        "uint8": some([v % 256 for v in whole], pa.uint8()),
        "uint32": some([v % 2**32 for v in whole], pa.uint32()),
        "uint64": some([(v * 2**33) % 2**64 for v in whole], pa.uint64()),
        "sorted": pa.array([10 * i for i in range(rows)], pa.int64()),
        "float16": pa.array(np.round(rng.standard_normal(rows), 1).astype(np.float16)),
        "float32": some(np.round(rng.standard_normal(rows), 3).tolist(), pa.float32()),
        "float64": some([float(v) for v in rng.standard_normal(rows) * 10.0 ** rng.integers(-20, 20, rows)], pa.float64()),
        "special": pa.array([[0.0, -0.0, float("nan"), float("inf"), -float("inf"), 1e16, 1e-5, 123456789.0][i % 8] for i in range(rows)]),
        "decimal9": some(dec(10, 2), pa.decimal128(12, 2)),
        "decimal38": some(dec(30, 10), pa.decimal128(38, 10)),
        "decimal76": some(dec(50, 20), pa.decimal256(76, 20)),
        "date": some([datetime.date.fromordinal(EPOCH + d) for d in day], pa.date32()),
        "ms": some([v // 10**6 for v in nanos], pa.timestamp("ms", "UTC")),
        "us": some([v // 10**3 for v in nanos], pa.timestamp("us")),
        "ns": some(nanos, pa.timestamp("ns", "Europe/Zurich")),
        "time_ms": some(ofday, pa.time32("ms")),
        "time_ns": some([v * 10**6 + 7 for v in ofday], pa.time64("ns")),
        "text": some([words[int(i)] for i in rng.integers(0, len(words), rows)], pa.string()),
        "id": pa.array([f"row-{i:06d}" for i in range(rows)]),
        "dictionary": pa.array([words[v] for v in small]).dictionary_encode(),
        "bytes": some([bytes([65 + v, 66]) for v in small], pa.binary()),
        "fixed": some([bytes([200 + v, 1, 2, 255]) for v in small], pa.binary(4)),
        "constant": pa.array(["same"] * rows),
        "nothing": pa.array([None] * rows, pa.string()),
        "numbers": some([[float(x) for x in range(v)] for v in small], pa.list_(pa.float64())),
        "labels": some([[None if x == 2 else words[x] for x in range(v)] for v in small], pa.list_(pa.string())),
        "deep": some([[None if x == 3 else list(range(x)) for x in range(v)] for v in small], pa.list_(pa.list_(pa.int32()))),
        "person": some([{"name": words[v], "place": None if v == 1 else {"lat": v / 2, "tags": ["t"] * (v % 3)}} for v in small],
                       pa.struct({"name": pa.string(), "place": pa.struct({"lat": pa.float64(), "tags": pa.list_(pa.string())})})),
        "items": some([[{"sku": words[x], "n": None if x == 1 else x} for x in range(v % 4)] for v in small],
                      pa.list_(pa.struct({"sku": pa.string(), "n": pa.int64()}))),
        "map": some([[(f"k{x}", x) for x in range(v % 3)] for v in small], pa.map_(pa.string(), pa.int64())),
    })


INTS = ["int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "sorted", "date", "ms", "us", "ns", "time_ms", "time_ns"]
FLOATS = ["float16", "float32", "float64", "special"]
TEXTS = ["text", "id", "bytes", "constant", "nothing"]
each = lambda names, encoding: dict.fromkeys(names, encoding)
FILES = {
    "plain": dict(use_dictionary=False, compression="none", data_page_version="1.0"),
    "dictionary": dict(compression="snappy", data_page_version="1.0", data_page_size=512, write_batch_size=64, row_group_size=200),
    "version2": dict(compression="zstd", data_page_version="2.0", data_page_size=512, write_batch_size=64, row_group_size=170),
    "delta": dict(use_dictionary=False, compression="gzip", data_page_version="2.0", data_page_size=1024, write_batch_size=64,
                  column_encoding={**each(INTS, "DELTA_BINARY_PACKED"), **each(TEXTS, "DELTA_BYTE_ARRAY"), **each(FLOATS, "BYTE_STREAM_SPLIT"),
                                   "bool": "RLE", "fixed": "DELTA_BYTE_ARRAY", "dictionary": "DELTA_LENGTH_BYTE_ARRAY"}),
    "split": dict(use_dictionary=False, compression="brotli", data_page_version="1.0", write_page_checksum=True,
                  column_encoding={**each([i for i in INTS], "BYTE_STREAM_SPLIT"), **each(FLOATS, "BYTE_STREAM_SPLIT"),
                                   **each(TEXTS, "DELTA_LENGTH_BYTE_ARRAY"), "fixed": "BYTE_STREAM_SPLIT"}),
    "lz4": dict(compression="lz4", data_page_version="2.0", row_group_size=100, use_deprecated_int96_timestamps=True),
}


def main(shared="../shared/data"):
    TESTDATA.mkdir(parents=True, exist_ok=True)
    golden = {}
    table = types(300)
    for name, options in FILES.items():
        path = TESTDATA / f"{name}.parquet"
        pq.write_table(table, path, store_schema=False, **options)
        golden[path.name] = describe(path)
    shared = pathlib.Path(shared)
    for path in [*sorted((shared / "parquet_testing").glob("*.parquet")), shared / "adult" / "adults.parquet"]:
        try:
            golden[f"{path.parent.name}/{path.name}"] = describe(path)
        except Exception as error:
            print(path.name, type(error).__name__, error)
    (TESTDATA / "golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
