import { ManifestsError } from '../manifests.errors.ts';
import type { Docker } from './docker.engine.ts';
import { ownerText, stateOf, type RunOwner } from './run.owner.ts';

const RUN = 'wiber.run';
const OWNER = 'wiber.run.owner';
/** Another run may be removing the same things: the engine refuses both for a moment. */
const TRIES = 5;

/** The labels of everything that a run makes in an engine. */
export const labelsOf = (run: string, owner: RunOwner): string[] => [
  ...['--label', `${RUN}=${run}`],
  ...['--label', `${OWNER}=${ownerText(owner)}`],
];

interface Kind {
  list: readonly string[];
  remove: readonly string[];
}

/** Containers first: what they use can't be removed. */
const KINDS: readonly Kind[] = [
  { list: ['ps', '--all'], remove: ['rm', '--force', '--volumes'] },
  { list: ['volume', 'ls'], remove: ['volume', 'rm', '--force'] },
  { list: ['network', 'ls'], remove: ['network', 'rm'] },
];

const listed = async (
  docker: Docker,
  { list }: Kind,
  { label, format }: { label: string; format: string },
): Promise<string[]> => {
  const text = await docker([...list, '--filter', `label=${label}`, '--format', format]);
  return text.split('\n').filter((line) => line !== '');
};

const nameOf = ({ list: [what] }: Kind): string => (what === 'ps' ? '{{.Names}}' : '{{.Name}}');

export interface Removal {
  docker: Docker;
  /** Resolves after so many seconds. */
  wait: (seconds: number) => Promise<unknown>;
}

const removeKind = async ({ docker, wait }: Removal, kind: Kind, run: string): Promise<void> => {
  const own = { label: `${RUN}=${run}`, format: nameOf(kind) };
  let fault: unknown;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const names = await listed(docker, kind, own);
    if (names.length === 0) return;
    try {
      await docker([...kind.remove, ...names]);
    } catch (error) {
      fault = error;
      await wait(1);
    }
  }
  const names = await listed(docker, kind, own);
  if (names.length > 0)
    throw new ManifestsError(
      `${names.join(', ')} could not be removed (${(fault as Error | undefined)?.message ?? 'it is there again'}); docker ${kind.list.join(' ')} --filter label=${own.label} lists them`,
    );
};

/** Removes everything that a run has made. @throws ManifestsError that names what is left */
export const removeRun = async (removal: Removal, run: string): Promise<void> => {
  for (const kind of KINDS) await removeKind(removal, kind, run);
};

/** The runs that have anything in the engine, with the text of their owners. */
const runsIn = async (docker: Docker): Promise<Map<string, string>> => {
  const format = `{{.Label "${RUN}"}} {{.Label "${OWNER}"}}`;
  const lines = await Promise.all(KINDS.map((kind) => listed(docker, kind, { label: RUN, format })));
  return new Map(lines.flat().map((line) => line.split(' ') as [string, string]));
};

/**
 * Removes what runs have left whose process is gone. What a living run has, or one of which nobody here can know, stays.
 * @returns the names of the runs that were removed
 */
export const removeLeftRuns = async (removal: Removal): Promise<string[]> => {
  const gone = [...(await runsIn(removal.docker))].filter(([, owner]) => stateOf(owner) === 'gone').map(([run]) => run);
  for (const run of gone) await removeRun(removal, run);
  return gone;
};
