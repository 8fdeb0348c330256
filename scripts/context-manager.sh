#!/bin/sh
# How much is in the context window, and how old it is: `scripts/context-manager.sh help`.
script=$0
if [ -h "$script" ]; then script=$(readlink -f "$script"); fi
case $script in */*) ;; *) script=./$script ;; esac
exec node "${script%/*}/../bin/script.cjs" context-manager "$@"
