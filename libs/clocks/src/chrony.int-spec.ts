import { ChronyServer, eventually, type ChronyOptions } from '@wiber/harness';
import { monotonicNow } from '@wiber/resilience';
import { NtpMonitor } from './ntp.monitor.ts';

/** Says what is missing and how to get it; the test is then left out. */
const withServer = (title: string, options: ChronyOptions, run: (server: ChronyServer) => Promise<void>): void => {
  const missing = ChronyServer.missing(options);
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    test.skip(title, () => undefined);
    return;
  }
  test(title, async () => {
    const server = await ChronyServer.start(options);
    try {
      await run(server);
    } finally {
      await server.stop();
    }
  });
};

interface Watched {
  monitor: NtpMonitor;
  /** The log lines, and all refusals. */
  lines: string[];
  /** Sets this machine's clock, by whole milliseconds from the real one. */
  setClock: (aheadMs: number) => void;
}

const watching = async (server: ChronyServer, run: (watched: Watched) => Promise<void>): Promise<void> => {
  let ahead = 0;
  const lines: string[] = [];
  const monitor = new NtpMonitor({
    servers: [{ name: server.address, host: '127.0.0.1', port: server.port }],
    periodMs: 20,
    warnMs: 100,
    clocks: { wallNow: () => Date.now() + ahead, monotonicNow },
    events: {
      onRefused: (_, reason) => lines.push(reason),
      onOff: ({ offsetMs }) => lines.push(`off ${Math.round(offsetMs)}`),
      onBack: ({ offsetMs }) => lines.push(`back ${Math.round(offsetMs)}`),
    },
  });
  monitor.start();
  try {
    await run({ monitor, lines, setClock: (ms) => (ahead = ms) });
  } finally {
    await monitor.stop();
  }
};

/** Once the monitor says that it knows the offset this well. A busy machine may need some more questions for it. */
const CLAIMED_MS = 0.5;
const WITHIN_MS = 1;

const offsetOnceKnown = (monitor: NtpMonitor): Promise<number> =>
  eventually(() => {
    const [state] = monitor.servers;
    expect(state?.errorMs).toBeLessThan(CLAIMED_MS);
    return state!.offsetMs!;
  });

withServer("chronyd answers, and its clock is this machine's to a millisecond", { stratum: 5 }, (server) =>
  watching(server, async ({ monitor, lines }) => {
    expect(Math.abs(await offsetOnceKnown(monitor))).toBeLessThan(WITHIN_MS);
    await eventually(() =>
      expect(monitor.servers[0]).toMatchObject({ stratum: 5, reached: 8, forbiddenBy: undefined }),
    );
    expect([monitor.state, lines]).toEqual(['ok', []]);
  }),
);

// Larger than the second in which chronyd trusts the kernel's time of a packet, which libfaketime leaves right.
for (const offsetSeconds of [3600.25, -1800.125])
  withServer(
    `a chronyd whose clock is ${offsetSeconds} s away is shown so, to a millisecond`,
    { offsetSeconds },
    (server) =>
      watching(server, async ({ monitor, lines }) => {
        const offset = await offsetOnceKnown(monitor);
        expect(Math.abs(offset - offsetSeconds * 1000)).toBeLessThan(WITHIN_MS);
        expect(monitor.state).toBe('degraded');
        expect(lines).toHaveLength(1);
      }),
  );

for (const aheadMs of [42, -99, 86_400_000])
  withServer(`a clock that is set ${aheadMs} ms from chronyd's is shown so, to a millisecond`, {}, (server) =>
    watching(server, async ({ monitor, setClock }) => {
      setClock(aheadMs);
      expect(Math.abs((await offsetOnceKnown(monitor)) + aheadMs)).toBeLessThan(WITHIN_MS);
      expect(monitor.state).toBe(aheadMs > 100 ? 'degraded' : 'ok');
    }),
  );

withServer('a clock that is set is seen at once, told once, and told once when it is back', {}, (server) =>
  watching(server, async ({ monitor, lines, setClock }) => {
    await offsetOnceKnown(monitor);
    setClock(5000);
    expect(monitor.state).toBe('degraded');
    expect(Math.abs(monitor.offset!.offsetMs + 5000)).toBeLessThan(2);
    await eventually(() => expect(lines).toHaveLength(1));
    expect(Math.abs((await offsetOnceKnown(monitor)) + 5000)).toBeLessThan(WITHIN_MS);
    // Followed by whole milliseconds at first, it is exact again after the next answer: no two reads differ.
    await eventually(() => {
      const reads = Array.from({ length: 1000 }, () => monitor.offset?.offsetMs);
      expect(new Set(reads).size).toBe(1);
    });
    setClock(0);
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines).toEqual([expect.stringMatching(/^off -(4999|500[01])$/), expect.stringMatching(/^back -?[01]$/)]);
  }),
);

withServer('while chronyd is gone the offset stays as it was, and its reach falls', {}, (server) =>
  watching(server, async ({ monitor, lines }) => {
    const before = await offsetOnceKnown(monitor);
    await server.stop();
    await eventually(() => expect(lines).toContain('unreachable'));
    expect(Math.abs(monitor.offset!.offsetMs - before)).toBeLessThan(2);
    expect(monitor.servers[0]?.reached).toBeLessThan(8);
    expect(monitor.state).toBe('ok');
  }),
);
