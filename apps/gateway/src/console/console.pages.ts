import { join } from 'node:path';
import { ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FilePieces, PIECE_BYTES } from '../http/file.pieces.ts';
import { ASSETS, INDEX, readConsole, type ConsoleFile } from './console.files.ts';
import { PackedFiles, codingFor, type Coding } from './packed.file.ts';

/** Where `nx build console` writes, from the built and from the source folder of this file. */
export const CONSOLE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'console', 'dist');

/** Paths of the console. They take GET and are not in the OpenAPI document. */
export const CONSOLE_PATHS: readonly string[] = ['/console', '/console/*'];

/** Nothing comes from elsewhere, nothing stands in the page itself, and no other page frames it (CSP Level 3). */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'font-src', 'connect-src'].map((kind) => `${kind} 'self'`),
  ...['base-uri', 'form-action', 'frame-ancestors'].map((kind) => `${kind} 'none'`),
].join('; ');

const SECURITY = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** The names of these files change with their content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Serves the console: its files from memory, and its page for every other path, because the page itself knows what its paths
 * mean. Assets that are not there are 404.
 */
export const serveConsole = (
  fastify: Pick<FastifyInstance, 'route'>,
  { folder = CONSOLE_FOLDER, pieces = new FilePieces() }: { folder?: string; pieces?: FilePieces } = {},
): void => {
  const files = readConsole(folder);
  const packed = new PackedFiles();
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    // Refusals have it as well: they repeat the path.
    void reply.headers(SECURITY);
    const path = (request.params as { '*'?: string })['*'] ?? '';
    const file = files && fileFor(files, path);
    if (!file) throw files ? noSuchAsset(path) : notBuilt();
    const coding = codingFor(request.headers['accept-encoding']);
    const bytes = coding && (await packed.of(file, coding));
    return send(request, reply, { file, bytes: bytes ?? file.bytes, coding: bytes && coding, pieces });
  };
  for (const url of CONSOLE_PATHS) fastify.route({ method: ['GET', 'HEAD'], url, handler });
};

const fileFor = (files: ReadonlyMap<string, ConsoleFile>, path: string): ConsoleFile | undefined =>
  files.get(path) ?? (path.startsWith(ASSETS) ? undefined : files.get(INDEX));

interface Answer {
  file: ConsoleFile;
  bytes: Buffer;
  coding: Coding | undefined;
  pieces: FilePieces;
}

const send = ({ method, headers, raw }: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply => {
  const { file, bytes, coding, pieces } = answer;
  // Each coding is another representation, with a tag of its own.
  const etag = coding ? `${file.etag.slice(0, -1)}-${coding}"` : file.etag;
  void reply.headers({
    ETag: etag,
    'Cache-Control': file.isImmutable ? FOR_EVER : 'no-cache',
    ...(file.isPackable ? { Vary: 'Accept-Encoding' } : {}),
  });
  if (hasAlready(headers['if-none-match'], etag)) return reply.status(304).send();
  void reply.headers({ 'Content-Type': file.type, 'Content-Length': bytes.length });
  if (coding) void reply.header('Content-Encoding', coding);
  if (method === 'HEAD') return reply.send();
  return reply.send(bytes.length > PIECE_BYTES ? pieces.streamOf(bytes, raw.socket) : bytes);
};

/** RFC 9110, section 13.1.2: any file, or one of these; a proxy that compresses makes tags weak, which are compared as well. */
const hasAlready = (given: string | undefined, etag: string): boolean =>
  given?.trim() === '*' || (given?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) ?? false);

const noSuchAsset = (path: string) =>
  new ProblemError('not_found', `the console has no file ${path}; load /console again, it may be of another version`);

const notBuilt = () =>
  new ProblemError(
    'console_not_built',
    'this gateway has no files of the console; run npm run build and start it again',
  );
