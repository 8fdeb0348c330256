import { BlockList, isIP } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
}

const PORTS = [80, 443];

/** This machine, and what a cloud answers on its own wire: no name that is allowed may lead there. */
const OWN = new BlockList();
OWN.addSubnet('0.0.0.0', 8);
OWN.addSubnet('127.0.0.0', 8);
OWN.addSubnet('169.254.0.0', 16);
OWN.addAddress('::1', 'ipv6');
OWN.addAddress('::', 'ipv6');
OWN.addSubnet('fe80::', 10, 'ipv6');
OWN.addSubnet('::ffff:0.0.0.0', 104, 'ipv6');
OWN.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');
OWN.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');

export const isOwnAddress = (address: string): boolean => OWN.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const LOCAL = /^(?:localhost|127\.0\.0\.1):(\d+)$/;

/** Ports of this machine that a sandbox may reach: `localhost:5432`. */
export const localPorts = (allow: readonly string[]): readonly number[] => [
  ...new Set(allow.flatMap((entry) => LOCAL.exec(entry)?.[1] ?? []).map(Number)),
];

/** @param text `host:port`, as CONNECT names it. @returns `null` where it is none */
export const parseTarget = (text: string, port?: number): Target | null => {
  const [, bracketed, plain, given] = /^(?:\[([0-9a-f:.]+)\]|([^:\s/@]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = given === undefined ? port : Number(given);
  if (host === undefined || number === undefined || number < 1 || number > 65_535) return null;
  return { host: host.toLowerCase().replace(/\.$/, ''), port: number };
};

/** Whether one of the entries names this host and port. An address has to be named as it is. */
export const isAllowed = ({ host, port }: Target, allow: readonly string[]): boolean =>
  allow.some((entry) => {
    if (LOCAL.test(entry)) return false;
    const named = parseTarget(entry.replace(/^\*\./, ''));
    const portFits = named === null ? PORTS.includes(port) : named.port === port;
    const name = named?.host ?? entry.replace(/^\*\./, '').toLowerCase();
    if (!portFits) return false;
    return entry.startsWith('*.') ? isIP(host) === 0 && host.endsWith(`.${name}`) : host === name;
  });
