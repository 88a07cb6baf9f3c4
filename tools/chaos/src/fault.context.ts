import { DEFAULT_TOPIC } from '@wiber/contracts';
import { leaderIdOf, memberTime, primaryAddress } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';
import type { ClockMove } from './checker/clock.move.ts';
import { controllerAt } from './evidence/active.controller.ts';
import { ClusterHealth } from './evidence/cluster.health.ts';
import { ServerLogs } from './evidence/server.logs.ts';
import { groupReaderOf } from './evidence/settling.ts';
import { readClock } from './nemesis/clocks/clock.reading.ts';
import type { FaultContext } from './nemesis/fault.ts';
import type { BrokerClocks } from './nemesis/kafka/broker.clocks.ts';
import type { PoisonProducer } from './nemesis/kafka/poison.producer.ts';
import { subjectOf } from './subject.ts';
import type { LeaderWatch } from './workload/leader.watch.ts';
import type { Recorder } from './workload/recorder.ts';

/** Most sends of a run are acknowledged, so a few tries find one. */
const PICK_TRIES = 20;

interface FaultContextParts {
  system: OwnSystem;
  recorder: Recorder;
  poison: PoisonProducer;
  hookFolder: string;
  watch: LeaderWatch;
  brokerClocks: BrokerClocks;
  clockMoves: ClockMove[];
}

/** How long a server may take to tell its time, in milliseconds. */
const TELL_MS = 2000;

const addressOf = ({ run }: OwnSystem, member: string): string =>
  run.mongo.find(({ id }) => id === member)?.address ?? '';

export const faultContext = (parts: FaultContextParts): Omit<FaultContext, 'random'> => {
  const { system, recorder, poison, hookFolder, watch, brokerClocks, clockMoves } = parts;
  const topic = groupReaderOf(subjectOf(system));
  const logs = new ServerLogs(system.logs, clockMoves);
  const brokers = system.run.kafka.map(({ id }) => id);
  return {
    system,
    poison,
    recorder,
    hookFolder,
    clockMoves,
    readClock: (server) =>
      server.startsWith('kafka-')
        ? brokerClocks.read(server)
        : readClock(() => memberTime(addressOf(system, server), TELL_MS)),
    logs,
    health: new ClusterHealth(system, DEFAULT_TOPIC),
    leaderOf: async (partition) => {
      const id = await leaderIdOf(system.kafka, DEFAULT_TOPIC, partition);
      if (id < 0) throw new Error(`partition ${partition} has no leader now`);
      return `kafka-${id}`;
    },
    ledBy: async (broker) =>
      (await topic.leaders()).flatMap((id, partition) => (`kafka-${id}` === broker ? [partition] : [])),
    controllerAt: (at) => controllerAt(logs, brokers, at),
    primary: async () => {
      const address = await primaryAddress(system.mongoUri);
      const found = system.run.mongo.find((member) => member.address === address);
      if (!found) throw new Error('the replica set has no primary now');
      return found.id;
    },
    metricsLeader: () => watch.leader(),
    pickAcked: (random) => {
      const { sends } = recorder;
      for (let tries = 0; tries < PICK_TRIES && sends.length > 0; tries += 1) {
        const { fromUser, toUser, outcome } = random.pick(sends);
        if (outcome.type === 'acked') return { fromUser, toUser, messageId: outcome.messageId };
      }
      return undefined;
    },
  };
};
