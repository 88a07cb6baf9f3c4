import { spawnSync } from 'node:child_process';

/** The machine of the run, for the report. */
export const machineOf = () => ({
  cores: Number(spawnSync('nproc', { encoding: 'utf8' }).stdout),
  node: process.version,
});
