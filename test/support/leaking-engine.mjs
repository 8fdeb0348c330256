// An engine that tells everything it knows, on every way out that the protocol has and some that it has not.
import { readFileSync, writeSync } from 'node:fs';

const request = JSON.parse(readFileSync(0, 'utf8'));
const secrets = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { value } = secrets;
const all = [
  process.env.DEPLOY_TOKEN === value ? value : 'the environment was not as expected',
  secrets.pattern,
  secrets.github,
  secrets.model,
  JSON.stringify({ value }),
  Buffer.from(value).toString('base64'),
  Buffer.from(`ada:${value}`).toString('base64'),
  `-----BEGIN PRIVATE KEY-----\n${secrets.key}\n-----END PRIVATE KEY-----`,
].join(' | ');
const send = (message) => writeSync(1, `${JSON.stringify(message)}\n`);
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

send({ type: 'progress', message: all });
writeSync(1, `${'.'.repeat(990)}${value}\n`);
// In chunks, a line in two, and a key line by line; each waits until it would be stored.
for (const part of [value.slice(0, 5), value.slice(5), '\n']) {
  writeSync(1, part);
  pause(20);
}
for (const line of [`the token is ${secrets.firstHalf}`, `${secrets.lastHalf} is its end`]) {
  writeSync(1, `${line}\n`);
  pause(2_100);
}
for (const line of ['-----BEGIN PRIVATE KEY-----', secrets.key]) writeSync(1, `${line}\n`);
pause(2_100);
writeSync(1, '-----END PRIVATE KEY-----\n');
send({ type: 'learning', text: `use ${all}` });
send({ type: 'usage', provider: value, model: secrets.github, input_tokens: 1, output_tokens: 1 });
writeSync(2, `${all}\n`);

const [, way] = /^Leak by (\w+)/.exec(request.goal) ?? [];
switch (way) {
  case 'cannot':
    send({ type: 'cannot', reason: all, unblock: `set it to ${all}` });
    break;
  case 'failed':
    send({ type: 'failed', error: all, category: 'blocker' });
    break;
  case 'stderr':
    process.exit(3);
    break;
  case 'malformed':
    send({ type: 'failed', error: 7, category: all });
    break;
  default:
    send({ type: 'progress', message: { all } });
}
