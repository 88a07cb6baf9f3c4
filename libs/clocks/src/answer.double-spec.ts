import { PACKET_BYTES, STAMP_BYTES } from './ntp.packet.ts';
import { toTimestamp } from './ntp.timestamp.ts';

export interface AnswerFields {
  leap: number;
  version: number;
  mode: number;
  stratum: number;
  rootDelayMs: number;
  rootDispersionMs: number;
  referenceId: string;
  origin: Buffer;
  /** Milliseconds since 1970; undefined: a timestamp of zeros. */
  receiveMs: number | undefined;
  transmitMs: number | undefined;
}

const writeTime = (packet: Buffer, at: number, unixMs: number | undefined): void => {
  if (unixMs === undefined) return;
  const { seconds, fraction } = toTimestamp(unixMs);
  packet.writeUInt32BE(seconds, at);
  packet.writeUInt32BE(fraction, at + 4);
};

/** The packet of a server. By default it is right, but for its origin and its times. */
export const answerOf = (fields: Partial<AnswerFields>): Buffer => {
  const { leap = 0, version = 4, mode = 4, stratum = 2, rootDelayMs = 0, rootDispersionMs = 0 } = fields;
  const packet = Buffer.alloc(PACKET_BYTES);
  packet.writeUInt8((leap << 6) | (version << 3) | mode, 0);
  packet.writeUInt8(stratum, 1);
  packet.writeUInt32BE(Math.round((rootDelayMs * 65_536) / 1000), 4);
  packet.writeUInt32BE(Math.round((rootDispersionMs * 65_536) / 1000), 8);
  packet.write(fields.referenceId ?? 'GPS\0', 12, 4, 'latin1');
  (fields.origin ?? Buffer.alloc(STAMP_BYTES)).copy(packet, 24);
  writeTime(packet, 32, fields.receiveMs);
  writeTime(packet, 40, fields.transmitMs);
  return packet;
};

/** The stamp of a question, which an answer must bring back. */
export const stampOf = (question: Buffer): Buffer => question.subarray(40, 40 + STAMP_BYTES);
