import { pino, type Logger, type LoggerOptions } from 'pino';
import { serializeError } from './error.serializer.ts';
import { standardOutput } from './log.destination.ts';

export type WiberLogger = Logger;

export const loggerOptions = (app: string, instance: string, level: string): LoggerOptions => ({
  level,
  base: { app, instance, pid: process.pid },
  serializers: { error: serializeError, err: serializeError },
});

/** One JSON line an event on stdout. Errors are written with their causes, and without what else they hold. */
export const createLogger = (app: string, instance: string, level: string): Logger =>
  pino(loggerOptions(app, instance, level), standardOutput(app));
