import { commandMember, primaryAddress } from '@wiber/evidence';
import { eventually, type OwnSystem } from '@wiber/harness';
import type { PrimaryFault } from '../plan/takeover.kind.ts';
import { RunError } from '../takeovers.errors.ts';
import { CLOCKS, MEMBER_AHEAD, MEMBER_BEHIND, MEMBER_RIGHT } from './wrong.clocks.ts';

const ELECTED_WITHIN_MS = 20_000;
/** How far a clock may be from where it should be, in milliseconds. */
const CLOCK_ERROR_MS = 60_000;
/** For so long the old primary is no candidate. Less than this is refused, so that a secondary can catch up. */
const STEP_DOWN = { replSetStepDown: 2, secondaryCatchUpPeriodSecs: 1 };

const onMember = (system: OwnSystem, name: string, command: Parameters<typeof commandMember>[1]) =>
  commandMember(system.run.mongo.find(({ id }) => id === name)?.address ?? '', command);

/** The name of the primary. @throws Error while there is none */
export const primaryOf = async (system: OwnSystem): Promise<string> => {
  const address = await primaryAddress(system.mongoUri);
  const found = system.run.mongo.find((member) => member.address === address);
  if (!found) throw new Error('the replica set has no primary now');
  return found.id;
};

/** Makes a member the primary. It may lose an election, so it stands again. */
const elect = async (system: OwnSystem, name: string): Promise<void> => {
  await eventually(
    async () => {
      await onMember(system, name, { replSetStepUp: 1 });
      if ((await primaryOf(system)) !== name) throw new Error(`${name} is not the primary yet`);
    },
    { within: ELECTED_WITHIN_MS },
  );
};

const TARGET = { 'to-ahead': MEMBER_AHEAD, 'to-behind': MEMBER_BEHIND } as const;

/** A member that is the primary already can't become it: then another one is made the primary first. */
export const preparePrimary = async (system: OwnSystem, fault: PrimaryFault): Promise<void> => {
  if (fault === 'none' || fault === 'step-down') return;
  if ((await eventually(() => primaryOf(system))) === TARGET[fault]) await elect(system, MEMBER_RIGHT);
};

export const changePrimary = async (system: OwnSystem, fault: PrimaryFault): Promise<void> => {
  if (fault === 'none') return;
  if (fault !== 'step-down') return elect(system, TARGET[fault]);
  await eventually(async () => onMember(system, await primaryOf(system), STEP_DOWN), { within: ELECTED_WITHIN_MS });
};

/** @throws RunError when a clock is not as wrong as it should be: the run would prove nothing */
export const requireWrongClocks = async (system: OwnSystem): Promise<void> => {
  for (const [name, seconds] of Object.entries(CLOCKS).filter(([process]) => process.startsWith('mongo'))) {
    const { localTime } = (await onMember(system, name, { hello: 1 })) as { localTime: Date };
    const offMs = localTime.getTime() - Date.now();
    if (Math.abs(offMs - seconds * 1000) > CLOCK_ERROR_MS)
      throw new RunError(`the clock of ${name} is off by ${Math.round(offMs / 1000)} s, not by ${seconds} s`);
  }
};
