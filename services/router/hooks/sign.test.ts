import { expect, test } from 'vitest';
import { signatureHeaders } from './sign.ts';

const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };

test('a notice is signed as Standard Webhooks signs: its published example gives its published signature', () =>
  expect(signatureHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }));

test('a secret without its prefix is taken as it is written', () =>
  expect(signatureHeaders(message, 'correct horse')['webhook-signature']).not.toBe(
    signatureHeaders(message, 'whsec_correct horse')['webhook-signature'],
  ));
