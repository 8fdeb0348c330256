export const HELP = `STUDIO Context Manager

What a context window holds: how many tokens, in which pool, how old. Reads files only; nothing has to run.

Usage: context-manager.sh <command> [arguments]

  estimate <file>               tokens of a file: Markdown words × 1.3, JSON characters / 3.3, others characters / 4
  budget [pool|all]             use and limits of reserved, learnings, backlog, plans, context7, working
  tier <date>                   of YYYY-MM-DD: tier1 full (< 30 days), tier2 summary (30-90), tier3 index (> 90)
  scan [domain]                 how many learnings are in which tier, and which are due
  summarize <file> <entry>      what to ask a model for a shorter version of the entry of that date
  cache-get <key>               a summary that was kept
  cache-set <key> <content>     keep a summary
  optimize [pool]               what to do about a pool that is full
  status                        budget and scan
  help                          this page

Environment:
  STUDIO_DIR                    folder of the state (.studio)
  LEARNINGS_DIR                 folder of the learnings (studio/learnings)

Examples:
  scripts/context-manager.sh estimate README.md
  scripts/context-manager.sh budget learnings
  scripts/context-manager.sh tier 2026-01-31
`;
