import { CLOCK_KINDS, type ClockDto, type ClockKind, type ClocksSnapshot } from '@wiber/contracts';
import type { ClockReport, MemberClock, OwnClock } from '@wiber/mongo';
import { brokerRange, gatewayLeast, type ClockRange } from './broker.clocks.ts';
import type { BrokerSighting } from './log.clocks.ts';

/** Clocks of each kind that are written down. */
const KIND_MAX = 100;
const UNKNOWN_MAX = 10;
const REASON_MAX = 300;

export interface ClocksSeen {
  /** The instance that looked, and its clock relative to the reference. */
  instance: string;
  own: OwnClock;
  /** Relative to the one that looked. */
  members: readonly MemberClock[];
  reports: readonly ClockReport[];
  sightings: readonly BrokerSighting[];
  unknown: ClocksSnapshot['unknown'];
  /** Integer milliseconds since the epoch, by the clock of the one that looked. */
  wall: number;
}

/** All clocks against that of the primary: whatever was measured against another one is added up, with its uncertainty. */
export const clocksViewOf = (seen: ClocksSeen): ClocksSnapshot => {
  const { own, reports, sightings } = seen;
  const members = membersOf(seen);
  const apps = appsOf(seen, new Map(members.map((member) => [member.name, member])));
  const known = new Map(apps.flatMap((app) => (app.kind === 'gateway' ? [[app.name, rangeOf(app)] as const] : [])));
  const ranges = sightings.map((sighting) => {
    return { sighting, range: brokerRange(sighting, rangeOf(own), known) };
  });
  const brokers = ranges.map(({ range, sighting }) => ({
    ...lookedAt(seen, 'broker', String(sighting.broker)),
    ...offsetIn(range),
    measuredAt: timeOf(seen, sighting.ageMs),
  }));
  const reporting = new Set(reports.flatMap(({ app, instance }) => (app === 'gateway' ? [instance] : [])));
  const silent = new Set(sightings.flatMap(({ gateways }) => [...gateways.keys()]));
  const logged = [...silent].flatMap((name) => {
    if (known.has(name) || reporting.has(name)) return [];
    return { ...lookedAt(seen, 'gateway', name), offsetMs: rounded(gatewayLeast(name, ranges)) };
  });
  const all = [...apps, ...logged, ...brokers, ...members];
  return {
    reference: own.member,
    total: all.length,
    clocks: CLOCK_KINDS.flatMap((kind) => furthest(all.filter((clock) => clock.kind === kind))),
    unknown: unknownOf(seen),
  };
};

const membersOf = (seen: ClocksSeen): ClockDto[] => {
  const { own, members } = seen;
  return members.flatMap((one): ClockDto[] => {
    if ('reason' in one) return [];
    const measured = { ...lookedAt(seen, 'member', one.member), method: 'round_trip' as const };
    if (one.member === own.member) return [{ ...measured, offsetMs: 0, uncertaintyMs: 0 }];
    return [{ ...measured, ...sum(one, own) }];
  });
};

const appsOf = (seen: ClocksSeen, members: ReadonlyMap<string, ClockDto>): ClockDto[] => {
  const { own, instance, reports } = seen;
  const reported = reports.flatMap((report): ClockDto[] => {
    const { app, at } = report;
    const kind = APP_KINDS.find((one) => one === app);
    if (kind === undefined || (kind === 'metrics' && report.instance === instance)) return [];
    const named = { kind, name: report.instance, measuredAt: at, measuredBy: report.instance, method } as const;
    if (report.member === own.member) return [{ ...named, ...sum(report, NONE) }];
    // Another member was the primary then. What is known of its clock is added.
    const member = members.get(report.member);
    return member ? [{ ...named, ...sum(report, { ...member, uncertaintyMs: member.uncertaintyMs ?? 0 }) }] : [];
  });
  const self = { ...lookedAt(seen, 'metrics', instance), method, ...sum(own, NONE) };
  return [...reported, self];
};

const method = 'round_trip' as const;
const APP_KINDS = ['gateway', 'ingest', 'metrics'] as const;
const NONE = { offsetMs: 0, uncertaintyMs: 0 };

const sum = (a: typeof NONE, b: typeof NONE) => ({
  offsetMs: rounded(a.offsetMs + b.offsetMs),
  uncertaintyMs: rounded(a.uncertaintyMs + b.uncertaintyMs),
});

const lookedAt = (seen: ClocksSeen, kind: ClockKind, name: string) => {
  return { kind, name, measuredAt: timeOf(seen), measuredBy: seen.instance, method: 'log' as 'log' | 'round_trip' };
};

/** By the clock of the reference. */
const timeOf = ({ wall, own }: ClocksSeen, ageMs = 0): number => Math.max(0, Math.round(wall - own.offsetMs - ageMs));

const rangeOf = ({ offsetMs, uncertaintyMs }: { offsetMs: number; uncertaintyMs?: number }): ClockRange => ({
  least: offsetMs - (uncertaintyMs ?? Infinity),
  most: offsetMs + (uncertaintyMs ?? Infinity),
});

const offsetIn = ({ least, most }: ClockRange) =>
  most === Infinity
    ? { offsetMs: rounded(least) }
    : { offsetMs: rounded((least + most) / 2), uncertaintyMs: rounded((most - least) / 2) };

/** Those that are furthest from the reference, by name. */
const furthest = (clocks: ClockDto[]): ClockDto[] =>
  clocks
    .sort((a, b) => Math.abs(b.offsetMs) - Math.abs(a.offsetMs))
    .slice(0, KIND_MAX)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));

const unknownOf = ({ unknown, members }: ClocksSeen): ClocksSnapshot['unknown'] => {
  const silent = members.flatMap((one) =>
    'reason' in one ? [{ part: 'members' as const, reason: `${one.member}: ${one.reason}`.slice(0, REASON_MAX) }] : [],
  );
  return [...unknown, ...silent].slice(0, UNKNOWN_MAX);
};

/** Microseconds are enough. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
