import type { NtpMonitor, NtpServerState } from '@wiber/clocks';
import { register } from 'prom-client';
import { showClock } from './clock.metrics.ts';

const silent: NtpServerState = {
  name: 'b:123',
  offsetMs: undefined,
  errorMs: undefined,
  roundTripMs: undefined,
  stratum: undefined,
  reached: 0,
  forbiddenBy: undefined,
  refusals: new Map([['silence', 3]]),
};
const known: NtpServerState = {
  ...silent,
  name: 'a:123',
  offsetMs: -250.5,
  errorMs: 2,
  roundTripMs: 1.5,
  stratum: 2,
  reached: 6,
  refusals: new Map([['origin', 2]]),
};

const linesOf = async (monitor: Partial<NtpMonitor>): Promise<string[]> => {
  register.clear();
  showClock(monitor as NtpMonitor);
  return (await register.metrics()).split('\n').filter((line) => /^wiber/.test(line));
};

test('a server has its figures in seconds; of what is not known there is no line', async () => {
  expect(await linesOf({ servers: [known, silent], offset: { offsetMs: -250.5, errorMs: 2 } })).toEqual([
    'wiber_ntp_offset_seconds{server="a:123"} -0.2505',
    'wiber_ntp_max_error_seconds{server="a:123"} 0.002',
    'wiber_ntp_round_trip_seconds{server="a:123"} 0.0015',
    'wiber_ntp_stratum{server="a:123"} 2',
    'wiber_ntp_reach_ratio{server="a:123"} 0.75',
    'wiber_ntp_reach_ratio{server="b:123"} 0',
    'wiber_ntp_clock_offset_seconds -0.2505',
    'wiber_ntp_answers_refused_total{server="a:123",reason="origin"} 2',
    'wiber_ntp_answers_refused_total{server="b:123",reason="silence"} 3',
  ]);
});

test('while no server says the offset there is no offset', async () => {
  expect(await linesOf({ servers: [silent], offset: undefined })).toEqual([
    'wiber_ntp_reach_ratio{server="b:123"} 0',
    'wiber_ntp_answers_refused_total{server="b:123",reason="silence"} 3',
  ]);
});
