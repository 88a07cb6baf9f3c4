import type { NtpMonitor, NtpServerState } from '@wiber/clocks';
import { METRIC } from '@wiber/observability';
import { Counter, Gauge } from 'prom-client';

const SECOND_MS = 1000;
const REACH_BITS = 8;

type Value = (state: NtpServerState) => number | undefined;

/** A gauge that has no line for a server of which the value is not known. */
const serverGauge = (
  monitor: NtpMonitor,
  { name, help, value }: { name: string; help: string; value: Value },
): void => {
  new Gauge({
    name,
    help,
    labelNames: ['server'],
    collect() {
      this.reset();
      for (const state of monitor.servers) {
        const known = value(state);
        if (known !== undefined) this.set({ server: state.name }, known);
      }
    },
  });
};

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / SECOND_MS);

const SERVER_GAUGES: readonly { name: string; help: string; value: Value }[] = [
  {
    name: METRIC.ntpOffset,
    help: "How far this machine's clock is behind that of the NTP server; negative: ahead.",
    value: ({ offsetMs }) => seconds(offsetMs),
  },
  {
    name: METRIC.ntpMaxError,
    help: 'The largest error of the offset: half the round trip, the root distance of the server, and drift since.',
    value: ({ errorMs }) => seconds(errorMs),
  },
  {
    name: METRIC.ntpRoundTrip,
    help: 'How long the best of the last eight answers took, without the time that the server worked on it.',
    value: ({ roundTripMs }) => seconds(roundTripMs),
  },
  {
    name: METRIC.ntpStratum,
    help: 'How many servers the NTP server is away from a reference clock, itself counted.',
    value: ({ stratum }) => stratum,
  },
  {
    name: METRIC.ntpReach,
    help: 'The part of the last eight questions to the NTP server that it answered; those before the start count as not.',
    value: ({ reached }) => reached / REACH_BITS,
  },
];

/** Shows what NTP servers say, at each scrape. Nothing is asked for it. */
export const showClock = (monitor: NtpMonitor): void => {
  for (const gauge of SERVER_GAUGES) serverGauge(monitor, gauge);
  new Gauge({
    name: METRIC.clockOffset,
    help: "How far this machine's clock is behind, by the median of the NTP servers; negative: ahead.",
    collect() {
      const offset = seconds(monitor.offset?.offsetMs);
      // A reset would show 0, which is an offset.
      if (offset === undefined) this.remove();
      else this.set(offset);
    },
  });
  new Counter({
    name: METRIC.ntpRefused,
    help: 'Answers of an NTP server that were refused, and questions without one, by reason.',
    labelNames: ['server', 'reason'],
    collect() {
      this.reset();
      for (const { name: server, refusals } of monitor.servers)
        for (const [reason, count] of refusals) this.inc({ server, reason }, count);
    },
  });
};
