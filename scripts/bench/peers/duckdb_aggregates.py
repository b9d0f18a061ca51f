"""Count, min, max, mean and standard deviation of every column, one thread."""
import sys

import duckdb

db = duckdb.connect(config={"threads": 1})
path = sys.argv[1]
columns = db.sql(f"select * from read_csv('{path}') limit 0")
parts = []
for name, kind in zip(columns.columns, columns.types):
    parts += [f'count("{name}")', f'min("{name}")', f'max("{name}")']
    if str(kind) in ("DOUBLE", "BIGINT"):
        parts += [f'avg("{name}")', f'stddev("{name}")']
print(len(db.sql(f"select {', '.join(parts)} from read_csv('{path}')").fetchone()))
