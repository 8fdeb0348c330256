// An engine that speaks the real protocol and does what a script says. It is called with a folder: `script.json` there has
// the answers by kind of request, each used once and the last one for ever; `requests.jsonl` gets what it was asked.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const folder = process.argv[2];
const request = JSON.parse(readFileSync(0, 'utf8'));
const file = `${folder}/requests.jsonl`;
appendFileSync(file, `${JSON.stringify(request)}\n`);
const asked = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line))
  .filter(({ kind, goal }) => kind === request.kind && goal === request.goal).length;
const { answers } = JSON.parse(readFileSync(`${folder}/script.json`, 'utf8'));
const mine = answers[request.kind] ?? [{ type: 'done', summary: 'nothing' }];
const { files = {}, ...message } = mine[Math.min(asked, mine.length) - 1];
for (const [path, content] of Object.entries(files)) writeFileSync(path, content);
process.stdout.write(`${JSON.stringify(message)}\n`);
