#!/bin/bash
# What a script of bash, jq and files takes for a session: one document, read and written whole at each command.
set -euo pipefail

folder=${STUDIO_DIR:-.studio}/orchestration
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
id=${ORCH_SESSION_ID:-$(cat "$folder/.current" 2>/dev/null || true)}
state=$folder/$id/state.json

# Changes the document by a jq program, whole or not at all.
change() {
  jq --arg at "$(now)" "$@" "$state" >"$state.new"
  mv "$state.new" "$state"
}

command=${1:-help}
shift || true
case $command in
  init)
    id=orch_$(date -u +%Y%m%d_%H%M%S)_$(od -An -N2 -tx1 /dev/urandom | tr -d ' \n')
    mkdir -p "$folder/$id"
    jq -n --arg id "$id" --arg goal "$1" --arg mode "${2:-implicit}" --arg at "$(now)" '{
      id: $id, mode: $mode, status: "initializing", goal: $goal, created_at: $at, updated_at: $at,
      routing: {selected_workflow: "plan_then_build", routing_confidence: 0.85},
      agent_states: [], handoffs: [], checkpoints: [], failures: [], outcome: null
    }' >"$folder/$id/state.json"
    echo "$id" >"$folder/.current"
    echo "$id"
    ;;
  state) jq . "$state" ;;
  agent-start)
    change --arg agent "$1" '.updated_at = $at | .status = "executing" | .agent_states +=
      [{agent_name: $agent, status: "active", started_at: $at, completed_at: null, output: null, error: null}]'
    ;;
  agent-complete)
    jq -e . <<<"${2:-{\}}" >/dev/null
    change --arg agent "$1" --argjson output "${2:-{\}}" '.updated_at = $at | .agent_states |= map(
      if .agent_name == $agent and .status == "active" then . + {status: "completed", completed_at: $at, output: $output} else . end)'
    ;;
  agent-fail)
    change --arg agent "$1" --arg error "$2" '.updated_at = $at | .status = "recovering"
      | .agent_states |= map(if .agent_name == $agent and .status == "active" then . + {status: "failed", error: $error} else . end)
      | .failures += [{timestamp: $at, agent: $agent, error_message: $error}]'
    ;;
  recover)
    count=$(jq --arg agent "${1:-}" '[.failures[] | select($agent == "" or .agent == $agent)] | length' "$state")
    action=retry
    [ "$count" -lt 3 ] || action=replan
    [ "$count" -lt 5 ] || action=escalate
    jq -n --arg action "$action" --argjson count "$count" \
      '{action: $action, failure_count: $count, thresholds: {retry_max: 3, replan_max: 5}}'
    ;;
  checkpoint)
    checkpoint=cp_$(date +%s)
    change --arg id "$checkpoint" --arg name "$1" \
      '.updated_at = $at | .checkpoints += [{id: $id, name: $name, timestamp: $at, can_resume_from: true}]'
    cp "$state" "$folder/$id/$checkpoint.json"
    echo "$checkpoint"
    ;;
  handoff)
    jq -e . <<<"${3:-{\}}" >/dev/null
    change --arg from "$1" --arg to "$2" --argjson context "${3:-{\}}" \
      '.updated_at = $at | .handoffs += [{from_agent: $from, to_agent: $to, timestamp: $at, context_passed: $context}]'
    ;;
  get-handoff) jq --arg to "$1" '[.handoffs[] | select(.to_agent == $to)] | last | .context_passed // {}' "$state" ;;
  status)
    echo "Session: $id"
    jq -r '"Goal: \(.goal)", "Workflow: \(.routing.selected_workflow)", (.agent_states[] | "  [\(.status)] \(.agent_name)"),
      "Failures: \(.failures | length)", "Checkpoints: \(.checkpoints | length)"' "$state"
    ;;
  *)
    echo "unknown command: $command" >&2
    exit 1
    ;;
esac
