/** Seconds from 1900, where NTP's era 0 begins, to 1970. RFC 5905, figure 4. */
const UNIX_EPOCH_S = 2_208_988_800;
/** An era has 2^32 seconds, about 136 years. Era 1 begins on 7 February 2036. */
const ERA_S = 2 ** 32;
const FRACTION = 2 ** 32;
const MS = 1000;

/** 64 bits: seconds of an era and a fraction. All zero means that the server does not know the time. RFC 5905, section 6. */
export interface NtpTimestamp {
  seconds: number;
  fraction: number;
}

export const readTimestamp = (packet: Buffer, at: number): NtpTimestamp => ({
  seconds: packet.readUInt32BE(at),
  fraction: packet.readUInt32BE(at + 4),
});

export const isZero = ({ seconds, fraction }: NtpTimestamp): boolean => seconds === 0 && fraction === 0;

/**
 * Milliseconds since 1970, not whole ones. A timestamp does not say its era: the one that is nearest to `nearMs` is taken,
 * which is right while this clock is less than 68 years off. RFC 5905, section 6; RFC 4330, section 3.
 */
export const toUnixMs = ({ seconds, fraction }: NtpTimestamp, nearMs: number): number => {
  const inEra = seconds - UNIX_EPOCH_S + fraction / FRACTION;
  const era = Math.round((nearMs / MS - inEra) / ERA_S);
  return (inEra + era * ERA_S) * MS;
};

/** The inverse of `toUnixMs`. For servers of specs: a client sends no time. */
export const toTimestamp = (unixMs: number): NtpTimestamp => {
  const total = unixMs / MS + UNIX_EPOCH_S;
  const whole = Math.floor(total);
  const fraction = Math.min(FRACTION - 1, Math.round((total - whole) * FRACTION));
  return { seconds: ((whole % ERA_S) + ERA_S) % ERA_S, fraction };
};
