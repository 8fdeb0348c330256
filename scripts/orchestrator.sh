#!/bin/sh
# A session whose agents you drive yourself: `scripts/orchestrator.sh help`.
script=$0
if [ -h "$script" ]; then script=$(readlink -f "$script"); fi
case $script in */*) ;; *) script=./$script ;; esac
exec node "${script%/*}/../bin/script.cjs" orchestrator "$@"
