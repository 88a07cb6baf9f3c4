import type { DockerImage } from './docker.engine.ts';

/** A program on this machine. For Kafka, `path` is the folder of its jars, and `java` runs them. */
export interface ServerProgram {
  type: 'program';
  path: string;
  java?: string;
}

/** A program on this machine, or an image of a Docker engine. */
export type ServerSource = ServerProgram | ({ type: 'image' } & DockerImage);

/** Thrown when this machine can't run the server as a program; the message says why. A Docker engine is tried next. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
}

export const programAt = (path: string): ServerProgram => ({ type: 'program', path });

export const printStatus = (line: string): void => void process.stderr.write(`wiber: ${line}\n`);
