export type { Clocks } from './clock.pair.ts';
export { NtpMonitor, type NtpMonitorEvents, type NtpMonitorOptions } from './ntp.monitor.ts';
export { NTP_REFUSALS, NTP_REFUSAL_NAMES, isForbidding, type NtpRefusal } from './ntp.refusal.ts';
export { readNtpServer, type NtpServer } from './ntp.server.ts';
export type { ClockOffset, ClockState } from './offset.alarm.ts';
export type { NtpServerState } from './server.watch.ts';
