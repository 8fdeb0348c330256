// An engine that is paid for, in the protocol that any program speaks. It is called with a folder: `script.json` there
// says what each call costs, and whether it waits, once it has told that, for a file `go`; `calls.jsonl` gets the calls.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.argv[2];
const request = JSON.parse(readFileSync(0, 'utf8'));
const {
  usages,
  waits = false,
  ends = { type: 'done', summary: 'did it' },
} = JSON.parse(readFileSync(`${folder}/script.json`, 'utf8'));
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
for (const usage of usages) say({ type: 'usage', ...usage });
const work = `${request.goal} ${request.step?.id ?? request.kind}`;
appendFileSync(`${folder}/calls.jsonl`, `${JSON.stringify({ work, try: request.try })}\n`);
while (waits && !existsSync(`${folder}/go`)) await sleep(20);
writeFileSync(`${work.replaceAll(/[^\w]+/g, '-')}.txt`, 'done\n');
say(ends);
