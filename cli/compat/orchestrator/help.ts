export const HELP = `STUDIO Orchestrator

Keeps a session whose agents you drive yourself: Studio routes the goal, records what happens in its log, and says what to
do about failures. Nothing has to be started before.

Usage: orchestrator.sh <command> [arguments]

  init <goal> [mode]            begin a session (mode: implicit or explicit); prints its id and remembers it
  route [goal]                  which workflow and agents, how sure; of another goal, take that route
  agent-start <agent>           an agent begins
  agent-complete <agent> [json] it is done, with what it brings
  agent-fail <agent> <error>    it failed
  recover [agent]               what to do now: retry (under 3 failures), replan (3-4), escalate (5 and more)
  handoff <from> <to> [json]    hand context over
  get-handoff <agent>           what was handed to an agent last
  checkpoint <name>             save where the session stands; prints the id
  resume [checkpoint]           go back to a checkpoint, by default the last
  state [id]                    the session as a JSON document
  status                        the session for people
  cleanup [id]                  end the session and remove its files; the log keeps what happened
  help                          this page

Of a run that Studio drives (studio submit "…" --engine human), agent-start takes the work of that agent under a lease and
prints what is to be done and where; agent-complete hands it in (a plan, or {"summary": "…"}), agent-fail says that it failed.

Environment:
  STUDIO_DIR                    folder of the state (.studio)
  ORCH_SESSION_ID               the session that is meant, instead of the last one
  REDIS_URL                     a Redis to keep the log in, instead of the one that Studio starts

Examples:
  scripts/orchestrator.sh init "Add user authentication"
  scripts/orchestrator.sh agent-start planner
  scripts/orchestrator.sh agent-complete planner '{"plan_id": "bp_1"}'
  scripts/orchestrator.sh handoff planner builder '{"task_id": "task_1"}'
`;
