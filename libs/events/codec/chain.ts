import { hash } from 'node:crypto';
import type { Head } from '../recorded.ts';

/** The head of a stream that does not exist. */
export const EMPTY_HEAD: Head = { version: 0, hash: '' };

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** One link of the chain: SHA-256, hex, over the previous event's hash (hex, `''` for the first) and the stored bytes. */
export const chainHash = (previous: string, body: string): string => sha256(previous + body);
