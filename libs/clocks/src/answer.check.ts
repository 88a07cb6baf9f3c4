import { LEAP_UNKNOWN, PACKET_BYTES, SERVER_MODE, VERSION, decodeAnswer, type NtpAnswer } from './ntp.packet.ts';
import type { NtpRefusal } from './ntp.refusal.ts';
import { isZero, toUnixMs } from './ntp.timestamp.ts';

/** MAXSTRAT of RFC 5905, figure 6: from it on a server is not synchronised. */
const STRATUM_MAX = 16;
/** MAXDIST of RFC 5905, figure 27: a server whose root distance is larger is not used. */
const DISTANCE_MAX_MS = 1000;
/** By how much a server's work may seem longer than the whole exchange: two clocks never run at quite the same speed. */
const WORK_TOLERANCE_MS = 1;

/** One exchange as this client saw it. `sentAtMs` and `receivedAtMs` are of the monotonic clock. */
export interface Exchange {
  stamp: Buffer;
  sentAtMs: number;
  receivedAtMs: number;
  /** The wall clock, for the era of the answer's times. */
  wallMs: number;
}

/** What an accepted answer says. All times are milliseconds. */
export interface NtpReading {
  /** The server's clock minus the monotonic clock. A step of the wall clock does not change it. */
  serverMinusMonotonicMs: number;
  /** Without the time that the server worked on it. */
  roundTripMs: number;
  /** How far the server may be off its reference clock: half its root delay, and its root dispersion. */
  rootDistanceMs: number;
  stratum: number;
  /** When the answer came, by the monotonic clock. */
  atMs: number;
}

export type CheckedAnswer =
  | { type: 'accepted'; reading: NtpReading }
  | { type: 'refused'; reason: NtpRefusal }
  /** It is no answer to the question, so anybody may have sent it: the real answer may still come. */
  | { type: 'foreign'; reason: NtpRefusal };

const KISSES: Readonly<Record<string, NtpRefusal>> = { DENY: 'kiss_deny', RSTR: 'kiss_rstr', RATE: 'kiss_rate' };

/**
 * Checks what RFC 4330, section 5, and RFC 5905, sections 7.4 and 8, ask of an answer. Whether it is an answer to the
 * question comes first: anybody may send a kiss-o'-death, and only one that brings the stamp back is the server's.
 */
export const checkAnswer = (packet: Buffer, exchange: Exchange): CheckedAnswer => {
  if (packet.length !== PACKET_BYTES) return { type: 'foreign', reason: 'length' };
  const answer = decodeAnswer(packet);
  if (!answer.origin.equals(exchange.stamp)) return { type: 'foreign', reason: 'origin' };
  const reason = headerFault(answer);
  return reason === undefined ? readingOf(answer, exchange) : { type: 'refused', reason };
};

const headerFault = (answer: NtpAnswer): NtpRefusal | undefined => {
  const { mode, version, stratum, leap, referenceId, receive, transmit } = answer;
  if (mode !== SERVER_MODE) return 'mode';
  if (version !== VERSION) return 'version';
  // Before leap and times: a kiss-o'-death may have any of them.
  if (stratum === 0) return KISSES[referenceId] ?? 'kiss_other';
  if (stratum >= STRATUM_MAX) return 'stratum';
  if (leap === LEAP_UNKNOWN) return 'leap';
  if (isZero(receive) || isZero(transmit)) return 'no_time';
  return distanceOf(answer) >= DISTANCE_MAX_MS ? 'distance' : undefined;
};

/** Without the way to this client. RFC 5905, section 11.1. */
const distanceOf = ({ rootDelayMs, rootDispersionMs }: NtpAnswer): number => rootDelayMs / 2 + rootDispersionMs;

/** RFC 5905, section 8, with the monotonic clock in place of T1 and T4. */
const readingOf = (answer: NtpAnswer, { sentAtMs, receivedAtMs, wallMs }: Exchange): CheckedAnswer => {
  const receivedMs = toUnixMs(answer.receive, wallMs);
  const transmittedMs = toUnixMs(answer.transmit, wallMs);
  const workMs = transmittedMs - receivedMs;
  const waitedMs = receivedAtMs - sentAtMs;
  if (workMs < 0 || workMs > waitedMs + WORK_TOLERANCE_MS) return { type: 'refused', reason: 'times' };
  const reading = {
    serverMinusMonotonicMs: (receivedMs + transmittedMs) / 2 - (sentAtMs + receivedAtMs) / 2,
    roundTripMs: Math.max(0, waitedMs - workMs),
    rootDistanceMs: distanceOf(answer),
    stratum: answer.stratum,
    atMs: receivedAtMs,
  };
  return { type: 'accepted', reading };
};
