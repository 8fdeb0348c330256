import { createHmac } from 'node:crypto';

/** A secret of Standard Webhooks is base64 behind this prefix; any other is taken as it is written. */
const PREFIX = 'whsec_';

const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');

export interface Signed {
  readonly id: string;
  /** Seconds since 1970: a receiver refuses what is too old. */
  readonly timestamp: number;
  readonly body: string;
}

/** Headers after Standard Webhooks: HMAC-SHA256 over id, time and body. */
export const signatureHeaders = ({ id, timestamp, body }: Signed, secret: string): Readonly<Record<string, string>> => {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
};
