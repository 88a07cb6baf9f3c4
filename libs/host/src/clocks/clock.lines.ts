import { NTP_REFUSALS, isForbidding, type ClockOffset, type NtpMonitorEvents } from '@wiber/clocks';
import type { WiberLogger } from '@wiber/observability';

/** The same refusal of the same server is logged again after this time, in milliseconds. */
const REPEAT_MS = 3_600_000;
const OFF = 'the clock of this machine is off by more than NTP_WARN_MS; see docs/clocks.md';
const BACK = 'the clock of this machine is right again';

const SECOND_MS = 1000;
/** To a tenth of a millisecond: more is not known. */
const secondsOf = (ms: number): number => Math.round((ms / SECOND_MS) * 10_000) / 10_000;

const fieldsOf = ({ offsetMs, errorMs }: ClockOffset) => ({
  offsetSeconds: secondsOf(offsetMs),
  maxErrorSeconds: secondsOf(errorMs),
});

/** The log lines about clocks. There are as many refusals as reasons and servers, so the lines of an hour are bounded. */
export const clockLines = (logger: WiberLogger, monotonicNow: () => number): NtpMonitorEvents => {
  const loggedAt = new Map<string, number>();
  return {
    onRefused: ({ name: server }, reason) => {
      const key = `${server} ${reason}`;
      const now = monotonicNow();
      if (now - (loggedAt.get(key) ?? -Infinity) < REPEAT_MS) return;
      loggedAt.set(key, now);
      const level = isForbidding(reason) ? 'error' : 'warn';
      logger[level]({ server, reason }, `no time from an NTP server: ${NTP_REFUSALS[reason]}`);
    },
    onOff: (offset) => logger.warn(fieldsOf(offset), OFF),
    onBack: (offset) => logger.info(fieldsOf(offset), BACK),
  };
};
