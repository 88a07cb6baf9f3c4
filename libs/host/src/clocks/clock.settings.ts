import { readNtpServer, type NtpServer } from '@wiber/clocks';
import { whole, type Setting, type SettingsOf } from '../settings.reader.ts';

/** Each server has labels of its own in the metrics. */
const SERVERS_MAX = 8;

const readServers = (text: string): NtpServer[] | undefined => {
  const servers = text.split(',').map((one) => readNtpServer(one.trim()));
  const known = servers.filter((server) => server !== undefined);
  const isEachOnce = new Set(known.map(({ name }) => name.toLowerCase())).size === servers.length;
  return isEachOnce && servers.length <= SERVERS_MAX ? known : undefined;
};

const NTP_SERVERS: Setting<NtpServer[]> = {
  variable: 'NTP_SERVERS',
  about: 'The NTP servers that this app asks how far the clock of its machine is off; it sets no clock.',
  takes: `1 to ${SERVERS_MAX} different servers as host or host:port (123 without it), joined with commas; an IPv6 address with a port in brackets`,
  default: [],
  defaultText: 'none: nothing is asked',
  read: readServers,
};

/** What an app asks of NTP servers. Times are milliseconds. */
export const CLOCK_SETTINGS = {
  ntpServers: NTP_SERVERS,
  ntpPeriodMs: whole('NTP_PERIOD_MS', {
    about:
      'From one question to an NTP server to the next, in milliseconds; longer while it does not answer or asks for it.',
    // RFC 4330, section 10: a client must never ask more often than each 15 s.
    from: 15_000,
    to: 86_400_000,
    default: 64_000,
  }),
  ntpWarnMs: whole('NTP_WARN_MS', {
    about:
      'How many milliseconds the clock may be off, by the median of the NTP servers, before a log line and health say so.',
    from: 1,
    to: 86_400_000,
    default: 100,
  }),
};

export type ClockSettings = SettingsOf<typeof CLOCK_SETTINGS>;
