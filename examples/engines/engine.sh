#!/usr/bin/env bash
# An engine in bash: sorts the lines of the file that a goal names, as in "Sort the file words.txt".
#
# Studio runs it in the worktree with one JSON document on standard input; it answers in JSON lines on standard output.
# The only field it needs is found by grep, so that nothing but bash and the usual tools has to be installed; anything
# that reads more than a plain name should use jq or another language.
#
#     # .studio/config.yaml
#     engines:
#       commands:
#         sort: { command: bash /path/to/engine.sh }
set -euo pipefail

request=$(cat)
kind=$(grep -oE '"kind":"(plan|step|fix)"' <<<"$request" | head -n 1 | cut -d '"' -f 4)
# Letters, digits and "._-/" only: such a name needs no quoting, neither in JSON nor for the shell.
file=$(grep -oiE '"goal":"sort the file [A-Za-z0-9._/-]+' <<<"$request" | head -n 1 | sed 's/.* //' || true)

cannot() {
  printf '{"type":"cannot","reason":"%s","unblock":"%s"}\n' "$1" "$2"
  exit 0
}

[[ $kind != fix ]] || cannot 'this engine cannot correct a gate' 'correct the code by hand, or choose another engine with --engine'
[[ -n $file ]] || cannot 'this engine only sorts files' 'ask for it, as in: Sort the file words.txt'
[[ $file != /* && $file != *..* ]] || cannot "$file is outside of the workspace" 'name a file of the workspace'
[[ -f $file && ! -L $file ]] || cannot "there is no file $file in the workspace" 'name a file of the workspace'

case $kind in
  plan)
    check='{"type":"command","command":"LC_ALL=C sort -c '$file'"}'
    printf '{"type":"plan","plan":{"steps":[{"id":"step_1","name":"Sort %s","action":"Sort its lines.","success_criteria":[{"criterion":"the lines are sorted","verification":%s}]}]}}\n' "$file" "$check"
    ;;
  step)
    echo "sorting $file" # A line that is no JSON is shown as progress.
    LC_ALL=C sort -o "$file" "$file"
    printf '{"type":"done","summary":"sorted %s"}\n' "$file"
    ;;
esac
