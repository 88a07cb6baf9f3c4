import type { Look } from '@wiber/contracts';
import type { Tone } from '../frame/state.mark.tsx';
import { countText, latencyText, rateText } from '../frame/number.text.ts';
import { instanceState, partitionState, type StateText } from './instance.state.ts';

/** Something that needs attention. Subjects with the same trouble are one. */
export interface Trouble {
  tone: Tone;
  text: string;
}

/** The picture in two sentences: what flows, and what is wrong. */
export function flowSummary(look: Look): string {
  const { totals, gateways, partitions, ingests, members } = look;
  const flow =
    `${rateText(totals.acceptedPerSecond)} messages a second from ${countText(gateways.length)} gateways through ` +
    `${countText(partitions.length)} partitions to ${countText(ingests.length)} instances of ingest and ` +
    `${countText(members.length)} members of the replica set; lag ${countText(totals.lag)}, 99 % stored within ` +
    `${latencyText(totals.latency?.p99)}.`;
  const wrong = troublesOf(look).map(({ text }) => text);
  return `${flow} ${wrong.length === 0 ? 'Nothing is wrong.' : `Wrong: ${wrong.join('; ')}.`}`;
}

/** What needs attention, the worst first. */
export function troublesOf({
  gateways,
  ingests,
  workers,
  partitions,
  brokers,
  members,
  leader,
  unknown,
}: Look): Trouble[] {
  const states = [
    ...[...gateways, ...ingests, ...workers].map((each) => ({ subject: each.instance, ...instanceState(each) })),
    ...partitions.map((each) => ({
      ...{ subject: String(each.partition), kind: 'partition' },
      ...partitionState(each, !unknown.some(({ part }) => part === 'pulses')),
    })),
    ...brokers.map(({ broker, status }) => ({ subject: String(broker), kind: 'broker', ...goneOr(status === 'gone') })),
    ...members.map(({ member, state }) => ({ subject: String(member), kind: 'member', ...goneOr(state === 'gone') })),
  ];
  const hasPrimary = members.length === 0 || members.some(({ state }) => state === 'primary');
  const knowsLeader = leader !== undefined || workers.length === 0 || unknown.some(({ part }) => part === 'leader');
  const troubles: Trouble[] = [
    ...grouped(states),
    ...(hasPrimary ? [] : [{ tone: 'bad' as const, text: 'the replica set has no primary' }]),
    ...(knowsLeader ? [] : [{ tone: 'warn' as const, text: 'no metrics worker leads' }]),
  ];
  return troubles.sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
}

const goneOr = (isGone: boolean): StateText => (isGone ? { tone: 'bad', text: 'gone' } : { tone: 'good', text: 'up' });

/** `partitions 2, 5 and 8: no reader` instead of three lines. */
function grouped(states: readonly (StateText & { subject: string; kind?: string })[]): Trouble[] {
  const groups = new Map<string, { tone: Tone; text: string; kind: string; subjects: string[] }>();
  for (const { tone, text, kind, subject } of states) {
    if (tone !== 'warn' && tone !== 'bad') continue;
    const key = kind === undefined ? subject : `${kind} ${text}`;
    const group = groups.get(key) ?? { tone, text, kind: kind ?? '', subjects: [] };
    group.subjects.push(subject);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ tone, text, kind, subjects }) => {
    const name = kind === '' ? '' : subjects.length > 1 ? `${kind}s ` : `${kind} `;
    return { tone, text: `${name}${listed(subjects)}: ${text}` };
  });
}

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const listed = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 7).join(', ')} and ${String(names.length - 7)} more` : list.format(names);
