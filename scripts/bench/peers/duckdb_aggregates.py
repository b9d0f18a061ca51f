"""Count, min, max, mean and standard deviation of every column, one thread."""
import sys

import duckdb

db = duckdb.connect(config={"threads": 1})
path = sys.argv[1]
parts = []
for name, kind, *_ in db.execute(f"describe select * from read_csv('{path}')").fetchall():
    parts += [f'count("{name}")', f'min("{name}")', f'max("{name}")']
    if str(kind) in ("DOUBLE", "BIGINT"):
        parts += [f'avg("{name}")', f'stddev("{name}")']
print(len(db.execute(f"select {', '.join(parts)} from read_csv('{path}')").fetchall()[0]))
