#!/usr/bin/env bash
# Refuses commit subjects that are not `type(scope): imperative` within 72 characters. Older commits are left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

# The check came into force after this commit.
since=e4c0f1e
git cat-file -e "$since^{commit}" 2>/dev/null || {
  echo "Subjects are not checked: a clone without its history does not have commit $since."
  exit 0
}
pattern='^(build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(\([a-z0-9/., -]+\))?!?: [a-z0-9"`]'
wrong=$(git log --no-merges --format=%s "$since..HEAD" | awk -v pattern="$pattern" 'length($0) > 72 || $0 !~ pattern')
if [ -n "$wrong" ]; then
  printf 'Commit subjects must be "type(scope): imperative", at most 72 characters:\n%s\n' "$wrong" >&2
  exit 1
fi
