import type { Provider } from '@nestjs/common';
import { NtpMonitor } from '@wiber/clocks';
import { wallNow } from '@wiber/contracts';
import { ClockBoard, type WiberLogger } from '@wiber/observability';
import { monotonicNow } from '@wiber/resilience';
import { clockLines } from './clock.lines.ts';
import { showClock } from './clock.metrics.ts';
import type { ClockSettings } from './clock.settings.ts';

/** Watches the clock of this machine while the app runs, and shows it in metrics, health and log. Off without NTP_SERVERS. */
export class ClockWatch {
  private readonly monitor: NtpMonitor | undefined;

  constructor(settings: ClockSettings, { board, logger }: { board: ClockBoard; logger: WiberLogger }) {
    const { ntpServers: servers, ntpPeriodMs: periodMs, ntpWarnMs: warnMs } = settings;
    if (servers.length === 0) return;
    const events = clockLines(logger, monotonicNow);
    const monitor = new NtpMonitor({ servers, periodMs, warnMs, clocks: { wallNow, monotonicNow }, events });
    showClock(monitor);
    board.watch(() => monitor.state);
    this.monitor = monitor;
  }

  onApplicationBootstrap(): void {
    this.monitor?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.monitor?.stop();
  }
}

/** The watch of the clock, and the board on which health finds what it says. */
export const clockProviders = (settings: ClockSettings, logger: WiberLogger): Provider[] => [
  ClockBoard,
  {
    provide: ClockWatch,
    inject: [ClockBoard],
    useFactory: (board: ClockBoard) => new ClockWatch(settings, { board, logger }),
  },
];
