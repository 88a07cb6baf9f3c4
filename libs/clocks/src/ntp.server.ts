import { isIP } from 'node:net';

/** A server of NTP as a setting names it. */
export interface NtpServer {
  /** host:port, as metrics and logs show it. */
  name: string;
  /** A name or an address, without brackets. */
  host: string;
  port: number;
}

const NTP_PORT = 123;
const BRACKETS = /^\[([\da-f:.]+)\](?::(\d{1,5}))?$/i;
const PLAIN = /^([\w-]+(?:\.[\w-]+)*\.?)(?::(\d{1,5}))?$/;
const HOST_MAX = 253;

const portOf = (text: string | undefined): number => (text === undefined ? NTP_PORT : Number(text));

/** Reads `host`, `host:port`, `[IPv6]:port` or a bare IPv6 address. Undefined for anything else. */
export const readNtpServer = (text: string): NtpServer | undefined => {
  if (isIP(text) === 6) return { name: `[${text}]:${NTP_PORT}`, host: text, port: NTP_PORT };
  const [, address, addressPort] = BRACKETS.exec(text) ?? [];
  const [, name, namePort] = PLAIN.exec(text) ?? [];
  const host = address ?? name ?? '';
  const port = portOf(addressPort ?? namePort);
  const isHost = address === undefined ? host.length > 0 && host.length <= HOST_MAX : isIP(address) === 6;
  if (!isHost || port < 1 || port > 65_535) return undefined;
  return { name: address === undefined ? `${host}:${port}` : `[${host}]:${port}`, host, port };
};
