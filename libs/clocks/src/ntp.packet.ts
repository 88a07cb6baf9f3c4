import { readTimestamp, type NtpTimestamp } from './ntp.timestamp.ts';

/** A packet without extension fields and without a MAC. RFC 5905, figure 8. */
export const PACKET_BYTES = 48;
export const STAMP_BYTES = 8;
export const VERSION = 4;
export const CLIENT_MODE = 3;
export const SERVER_MODE = 4;
/** Leap indicator: the server's clock is not synchronised. */
export const LEAP_UNKNOWN = 3;
const ORIGIN_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;
const ROOT_DELAY_AT = 4;
const ROOT_DISPERSION_AT = 8;
const REFERENCE_ID_AT = 12;
/** Root delay and dispersion are in NTP's short format: 16 bits of seconds, 16 of fraction. */
const SHORT_FORMAT_MS = 1000 / 2 ** 16;

/** The fields of an answer that a client needs. Durations are milliseconds. */
export interface NtpAnswer {
  leap: number;
  version: number;
  mode: number;
  /** How many servers are between it and a reference clock. 0: a kiss-o'-death; 16: not synchronised. */
  stratum: number;
  /** From the server to its reference clock and back. */
  rootDelayMs: number;
  /** The largest error that the server itself expects, beside the root delay. */
  rootDispersionMs: number;
  /** Four bytes. Of a kiss-o'-death its code in ASCII. */
  referenceId: string;
  /** The stamp of the question to which this is the answer. */
  origin: Buffer;
  receive: NtpTimestamp;
  transmit: NtpTimestamp;
}

/**
 * A question that says nothing about this client: version, mode and the stamp are its only fields that are not zero. The
 * stamp is no time but random bytes, which the answer must bring back: who can't read the question can't answer it.
 * Source: draft-ietf-ntp-data-minimization, section 3.
 *
 * @param stamp STAMP_BYTES bytes
 */
export const questionOf = (stamp: Buffer): Buffer => {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[0] = (VERSION << 3) | CLIENT_MODE;
  stamp.copy(packet, TRANSMIT_AT, 0, STAMP_BYTES);
  return packet;
};

/** @param packet PACKET_BYTES bytes or more; nothing in them is checked */
export const decodeAnswer = (packet: Buffer): NtpAnswer => {
  const first = packet.readUInt8(0);
  return {
    leap: first >> 6,
    version: (first >> 3) & 7,
    mode: first & 7,
    stratum: packet.readUInt8(1),
    rootDelayMs: packet.readUInt32BE(ROOT_DELAY_AT) * SHORT_FORMAT_MS,
    rootDispersionMs: packet.readUInt32BE(ROOT_DISPERSION_AT) * SHORT_FORMAT_MS,
    referenceId: packet.toString('latin1', REFERENCE_ID_AT, REFERENCE_ID_AT + 4),
    origin: packet.subarray(ORIGIN_AT, ORIGIN_AT + STAMP_BYTES),
    receive: readTimestamp(packet, RECEIVE_AT),
    transmit: readTimestamp(packet, TRANSMIT_AT),
  };
};
