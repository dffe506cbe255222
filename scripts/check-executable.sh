#!/usr/bin/env bash
# Walks the main job with the built executable on captures of the fixtures, as a user would: import, sessions, get, diff, tui, and broken input.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export PATH="$PWD/node_modules/.bin:$PATH"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fixtures=test/fixtures
db=$scratch/session.db
wrong=0

kubestep() { node dist/cli.js "$@" </dev/null; }

# check WHAT EXPECTED-CODE PATTERN COMMAND…: exit code, and a pattern in what it prints (stdout and stderr).
check() {
	local what=$1 code=$2 pattern=$3
	shift 3
	"$@" >"$scratch/out" 2>&1
	local got=$?
	if [ $got -ne "$code" ]; then
		echo "wrong: $what: exit code $got, not $code"
		head -5 "$scratch/out"
		wrong=$((wrong + 1))
	elif ! grep -qE -- "$pattern" "$scratch/out"; then
		echo "wrong: $what: no /$pattern/ in"
		head -5 "$scratch/out"
		wrong=$((wrong + 1))
	else
		echo "right: $what"
	fi
}

# one_line WHAT CODE PATTERN COMMAND…: an error is one line on stderr, says kubestep, shows no stack.
one_line() {
	local what=$1 code=$2 pattern=$3
	check "$@"
	if [ "$(wc -l <"$scratch/out")" -ne 1 ] || ! grep -q '^kubestep: ' "$scratch/out"; then
		echo "wrong: $what: not one line"
		head -5 "$scratch/out"
		wrong=$((wrong + 1))
	fi
}

check 'import' 0 'sample-controller +92 requests \+ 43 watch events' kubestep import $fixtures/sample-controller.har.gz -d "$db"
check 'sessions' 0 'sample-controller' kubestep sessions "$db"
check 'sessions -o json' 0 '"watchEvents": 43' kubestep sessions -o json -d "$db"
check 'tui prints one frame' 0 'sample-controller' kubestep tui "$db"
one_line 'the same name again' 2 'sample-controller' kubestep import $fixtures/sample-controller.har.gz -d "$db"

# Must show 5: at step 55 the operator is told that somebody set foo-3-dep to 9; step 56 sets it back to 3.
foo3() { kubestep get deployments -A --at "$1" -o yaml -d "$db" | awk '/^    name: / {name=$2} /^    replicas: / && name == "foo-3-dep" && !seen {print "foo-3-dep at " $2; seen=1}'; }
check 'get -A --at 55 -o yaml shows foo-3-dep at 9' 0 '^foo-3-dep at 9$' foo3 55
check 'get -A --at 56 -o yaml shows it back at 3' 0 '^foo-3-dep at 3$' foo3 56
check 'diff --at 56 shows the correction' 0 '^\+  replicas: 3$' kubestep diff "$db" --at 56
check 'diff -o json is a JSON Patch' 0 '"path": "/spec/replicas"' kubestep diff "$db" --at 56 -o json

# Must show 6: broken input.
gunzip -c $fixtures/sample-controller.har.gz >"$scratch/whole.har"
head -c $(($(wc -c <"$scratch/whole.har") / 2)) "$scratch/whole.har" >"$scratch/cut.har"
gunzip -c $fixtures/sample-controller.audit.jsonl.gz | sed '7s/.*/{"kind": broken/' >"$scratch/line7.jsonl"
: >"$scratch/empty.har"
printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0' >"$scratch/picture.png"
mkdir "$scratch/directory"
head -c $(($(wc -c <"$db") - 4096)) "$db" >"$scratch/cut.db"
check 'a HAR cut in the middle gives what it has' 0 'cut|truncated|ends' kubestep import "$scratch/cut.har" -d "$scratch/a.db"
check 'a broken line 7 is named and skipped' 0 'line 7' kubestep import "$scratch/line7.jsonl" -d "$scratch/a.db"
one_line 'an empty file' 3 'empty' kubestep import "$scratch/empty.har" -d "$scratch/a.db"
one_line 'a PNG' 3 'picture.png' kubestep import "$scratch/picture.png" -d "$scratch/a.db"
one_line 'a directory' 3 'directory' kubestep import "$scratch/directory" -d "$scratch/a.db"
one_line 'a missing file' 3 'missing.har' kubestep import "$scratch/missing.har" -d "$scratch/a.db"
one_line 'a missing session file' 3 'missing.db' kubestep tui "$scratch/missing.db"
one_line 'a directory as a session file' 3 'directory' kubestep tui "$scratch/directory"
one_line 'a PNG as a session file' 3 'picture.png' kubestep tui "$scratch/picture.png"
check 'an import into what is no session file' 3 'picture.png is not a session file' timeout 20 node dist/cli.js import $fixtures/stale-cache-duplicates.har.gz -d "$scratch/picture.png"
check 'a session file with its last page cut off says so, and shows what is left' 0 'cut.db is cut short' kubestep sessions -d "$scratch/cut.db"

# Streams: stdin in, a reader that goes away, ^C in the middle.
from_stdin() { node dist/cli.js import - -d "$scratch/stdin.db" <$fixtures/stale-cache-duplicates.har.gz; }
check 'import from stdin' 0 '^stdin +13 requests \+ 25 watch events' from_stdin
reader_leaves() { kubestep get events -A -o json -d "$db" | head -1; return "${PIPESTATUS[0]}"; }
check 'a reader that goes away is no error' 0 '^\{$' reader_leaves
interrupted() {
	mkfifo "$scratch/fifo"
	node dist/cli.js import - -d "$scratch/stopped.db" <"$scratch/fifo" &
	local importer=$!
	exec 3>"$scratch/fifo"
	head -c 100000 "$scratch/whole.har" >&3
	sleep 1
	kill -INT $importer
	wait $importer
	local code=$?
	exec 3>&-
	ls "$scratch"/stopped.db* 2>/dev/null && echo 'left behind'
	return $code
}
check '^C stops an import, which leaves nothing' 130 'stopped; nothing of it is kept' interrupted
if grep -q 'left behind' "$scratch/out"; then
	echo 'wrong: ^C left files behind'
	wrong=$((wrong + 1))
fi

# The command line.
check 'help' 0 'Usage: kubestep COMMAND' kubestep --help
for command in import tui sessions get diff; do
	check "$command --help has an example" 0 'Examples:' kubestep $command --help
done
one_line 'a mistyped command' 2 'did you mean sessions' kubestep sesions
one_line 'a mistyped flag' 2 'did you mean --at' kubestep diff --att 5
one_line 'no command' 2 'help' kubestep

[ $wrong -eq 0 ]
