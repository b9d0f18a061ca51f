"""SUMMARIZE of every column, one thread."""
import sys

import duckdb

db = duckdb.connect(config={"threads": 1})
print(len(db.execute(f"summarize select * from read_csv('{sys.argv[1]}')").fetchall()))
