import { mongo } from 'mongoose';
import { withDeadline, type ClockOffset } from '@wiber/resilience';
import { measureClock, type Hello } from './server.clock.ts';

/** MongoDB allows 50. */
const MEMBERS_MAX = 50;
const REASON_MAX = 120;

/** The clock of a member, relative to this process; or why it is not known. */
export type MemberClock = { member: string } & (ClockOffset | { reason: string });

/** What the driver has read of MONGO_URI and of the settings about TLS. */
const TLS_OPTIONS = [
  'tls',
  'tlsCAFile',
  'tlsCRLFile',
  'tlsCertificateKeyFile',
  'passphrase',
  'rejectUnauthorized',
  'checkServerIdentity',
] as const;

export const membersOf = ({ hosts = [], passives = [], arbiters = [] }: Hello): string[] =>
  [...hosts, ...passives, ...arbiters].slice(0, MEMBERS_MAX);

/**
 * Asks each member for its time, on a connection of its own that is closed again. `hello` needs no login, and an arbiter, which
 * has no users, answers too. https://www.mongodb.com/docs/manual/reference/command/hello/
 */
export const measureMembers = (
  client: mongo.MongoClient,
  members: readonly string[],
  withinMs: number,
): Promise<MemberClock[]> => Promise.all(members.map((member) => measureMember(client, member, withinMs)));

const measureMember = async (client: mongo.MongoClient, member: string, withinMs: number): Promise<MemberClock> => {
  const options = client.options as unknown as Record<string, unknown>;
  const tls = Object.fromEntries(
    TLS_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const direct = new mongo.MongoClient(`mongodb://${member}/`, {
    ...tls,
    directConnection: true,
    maxPoolSize: 1,
    serverSelectionTimeoutMS: withinMs,
    connectTimeoutMS: withinMs,
    socketTimeoutMS: withinMs,
    appName: 'wiber-clocks',
  });
  try {
    const { offsetMs, uncertaintyMs } = await withDeadline(measureClock(direct.db('admin')), withinMs, member);
    return { member, offsetMs, uncertaintyMs };
  } catch (error) {
    return { member, reason: (error instanceof Error ? error.message : String(error)).slice(0, REASON_MAX) };
  } finally {
    await direct.close().catch(() => undefined);
  }
};
