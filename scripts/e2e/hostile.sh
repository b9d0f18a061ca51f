#!/usr/bin/env bash
# Files that nobody should send: each gets a clear one-line error, no panic, no
# more than 1 GiB of memory.
. "$(dirname "$0")/lib.sh"
mkdir -p "$WORK/h"; cd "$WORK/h"

printf 'a,b\n1,2\n3,4\n' >good.csv
: >empty.csv
printf 'a,b\n' >header-only.csv
printf '\xff\xfe\x61\x00,\x00b\x00\n\x00' >utf16.csv
noise() { LC_ALL=C awk -v n="$1" 'BEGIN { srand(7); for (i = 0; i < n; i++) printf "%c", int(256 * rand()) }'; } # the same every time
noise 100000 >random.csv
head -c 100000 /dev/zero >zeros.csv
printf 'PK\003\004 not a table' >sheet.xlsx
printf '%%PDF-1.7 not a table' >paper.pdf
printf '<html><body>no</body></html>' >page.csv
printf '[{"a":1},{"a":2}]' >array.json
printf '{"a":1}\n{"a":\n{"a":3}\n' >broken.jsonl
printf '{"a":%s1%s}\n' "$(printf '{"a":%.0s' $(seq 5000))" "$(printf '}%.0s' $(seq 5000))" >deep.jsonl
printf '{"a":"%s"}\n' "$(head -c 3000000 /dev/zero | tr '\0' x)" >long.jsonl
printf 'PAR1' >short.parquet
printf 'PAR1%sPAR1' "$(noise 1000 | tr -d '\0')" >junk.parquet
gzip -c good.csv | head -c 20 >cut.csv.gz
printf '\x1f\x8b\x08\x00 junk' >junk.csv.gz
printf '\x28\xb5\x2f\xfd junk' >junk.csv.zst
head -c 300000000 /dev/zero | gzip -9 >bomb.csv.gz
(printf 'a,b\n'; head -c 200000000 /dev/zero | tr '\0' 'x') | gzip -1 >line.csv.gz
printf 'a,b\n"open quote,2\n3,4\n' >quote.csv
printf 'a,a,,a\n1,2,3,4\n' >names.csv
seq -s, 1 20000 >wide.csv
printf 'a,b\n1,2\n1\n1,2,3\n4,5\n' >ragged.csv
printf 'a\n1e999\n-1e999\nInfinity\nnan\n5\n' >numbers.csv
printf 'a\n%s\n' "$(head -c 1000000 /dev/zero | tr '\0' 9)" >digits.csv
printf 'a;b|c\td\n1;2|3\t4\n' >mixed.csv
printf '\r\r\r\r' >returns.csv
printf 'a,b\r1,2\r3,4\r' >mac.csv
printf '{"a":NaN}\n{"a":1}\n' >nan.jsonl
printf '\xef\xbb\xbfa,b\n\xc3\x28,2\n' >badutf8.csv
ln -s nowhere.csv dangling.csv
ln -s loop.csv loop.csv
mkdir folder.csv

measured=("$LEEWAY") # by GNU time, where that is installed
if command=$(type -P time); then measured=("$command" -f %M -o "$WORK/peak" "$LEEWAY"); else skip "memory: time is not installed"; fi
for file in *; do
  case $file in good.csv|reading) continue ;; esac
  code=0
  "${measured[@]}" check --reference good.csv --current "$file" >"$WORK/out" 2>"$WORK/err" || code=$?
  peak=$(tail -1 "$WORK/peak" 2>/dev/null || echo 0)
  if grep -qE '^(panic|goroutine |fatal error)|\*[a-z]+\.[A-Z]' "$WORK/err"; then fail "$file: $(head -1 "$WORK/err")"
  elif [ "$code" -gt 4 ]; then fail "$file: exit $code"
  elif [ "$code" -eq 1 ] && [ ! -s "$WORK/err" ]; then fail "$file: no word about what is wrong"
  elif [[ $peak =~ ^[0-9]+$ ]] && [ "$peak" -gt 1048576 ]; then fail "$file: $((peak / 1024)) MiB"
  else pass "$file: exit $code, $((${peak//[!0-9]/} / 1024)) MiB: $(grep '^leeway: ' "$WORK/err" | tail -1 | cut -c1-140)"; fi
done

mkdir -p "$WORK/B/logs/m" "$WORK/B/reference/m"
cp good.csv "$WORK/B/reference/m/"
find . -maxdepth 1 -type f ! -name good.csv -exec cp {} "$WORK/B/logs/m/" \;
code=0; "$LEEWAY" run --bucket "$WORK/B" >"$WORK/out" 2>"$WORK/err" || code=$?
if grep -qE '^(panic|goroutine |fatal error)' "$WORK/err"; then fail "run on all of them: $(head -3 "$WORK/err")"; else pass "run on all of them ends with $code"; fi
held=$(find "$WORK/B/quarantine" -type f | wc -l)
[ "$held" -ge 8 ] && pass "$held of them are in quarantine" || fail "only $held in quarantine"
summary
