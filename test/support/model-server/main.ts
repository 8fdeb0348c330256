import { readFileSync } from 'node:fs';
import { startModelServer } from './server.ts';

// A model server as a process of its own: `main.ts <scenarios.json> <port> <requests.jsonl>`.
const [scenarios = '', port = '0', recordsFile = ''] = process.argv.slice(2);
const server = await startModelServer({
  scenarios: JSON.parse(readFileSync(scenarios, 'utf8')),
  port: Number(port),
  recordsFile,
});
process.stdout.write(`${server.url('')}\n`);
