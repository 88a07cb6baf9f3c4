import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controllerAt } from './active.controller.ts';
import { ServerLogs, timeOf } from './server.logs.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wiber-logs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const KAFKA =
  '2026-11-24T20:01:25,976 INFO ReplicationControlManager [QuorumController id=2] Fencing broker 3 at epoch 10';
const MONGOD =
  '{"t":{"$date":"2026-11-24T19:58:55.186+00:00"},"s":"I",  "c":"REPL", "msg":"Member is now in state DOWN"}';
const APP = '{"level":30,"time":1795550313089,"app":"gateway","msg":"the gateway listens"}';
const LINK = '{"time":"2026-11-24T20:00:36.678Z","op":"cut","link":"gateway-1–kafka-1","connections":3}';

test('the time of a line is read in the format of each server', () => {
  expect(timeOf(KAFKA)).toBe(new Date(2026, 10, 24, 20, 1, 25, 976).getTime());
  expect(timeOf(MONGOD)).toBe(Date.UTC(2026, 10, 24, 19, 58, 55, 186));
  expect(timeOf(APP)).toBe(1795550313089);
  expect(timeOf(LINK)).toBe(Date.UTC(2026, 10, 24, 20, 0, 36, 678));
  expect(timeOf('\tat java.base/java.io.FileOutputStream.writeBytes')).toBeNaN();
});

test('only lines of the time span are found, also in the older log file, and each line names its process', () => {
  const at = (second: number, text: string) => `{"level":30,"time":${second * 1000},"msg":"${text}"}`;
  writeFileSync(join(folder, 'ingest-1.log.1'), [at(1, 'up'), at(5, 'up')].join('\n'));
  writeFileSync(join(folder, 'ingest-1.log'), [at(8, 'up'), at(9, 'other'), at(20, 'up')].join('\n'));
  const logs = new ServerLogs(folder);
  const span = { from: 4000, to: 10_000 };
  expect(logs.all('ingest-1', span, /"up"/)).toEqual([at(5, 'up'), at(8, 'up')]);
  expect(logs.find('ingest-1', span, /"up"/)).toBe(`ingest-1: ${at(5, 'up')}`);
  expect(logs.find('ingest-1', { from: 10_000, to: 19_000 }, /"up"/)).toBeUndefined();
  expect(logs.find('ingest-9', span, /"up"/)).toBeUndefined();
});

test('a line without a time has that of the line before it', () => {
  writeFileSync(join(folder, 'kafka-3.log'), `${KAFKA}\njava.io.IOException: No space left on device\n`);
  const from = timeOf(KAFKA);
  const logs = new ServerLogs(folder);
  expect(logs.find('kafka-3', { from, to: from }, /No space/)).toContain('No space left on device');
  expect(logs.find('kafka-3', { from: from + 1, to: from + 9 }, /No space/)).toBeUndefined();
});

test('the active controller at a time is the broker that became it last until then, as the logs of the brokers have it', () => {
  const becoming = (second: number, id: number, epoch: number) =>
    `2026-11-24T20:01:${second},000 INFO QuorumController [QuorumController id=${id}] Becoming the active controller at ` +
    `epoch ${epoch}, next write offset 9.`;
  writeFileSync(join(folder, 'kafka-1.log'), [becoming(10, 1, 1), becoming(40, 1, 7)].join('\n'));
  writeFileSync(join(folder, 'kafka-2.log'), becoming(20, 2, 4));
  const at = (second: number) =>
    controllerAt(
      new ServerLogs(folder),
      ['kafka-1', 'kafka-2', 'kafka-3'],
      timeOf(`2026-11-24T20:01:${second},000 INFO`),
    );
  expect([at(10), at(19), at(20), at(39), at(50)]).toEqual(['kafka-1', 'kafka-1', 'kafka-2', 'kafka-2', 'kafka-1']);
  expect(controllerAt(new ServerLogs(folder), ['kafka-3'], Date.now())).toBeUndefined();
});

test('a line that a process wrote while its clock was wrong is found at the time when it was written', () => {
  const HOUR_MS = 3_600_000;
  const at = (second: number, text: string) => `{"level":30,"time":${second * 1000},"msg":"${text}"}`;
  const lines = [at(5, 'before'), at(3600 + 12, 'ahead'), at(25, 'after')];
  writeFileSync(join(folder, 'ingest-1.log'), lines.join('\n'));
  const ahead = { process: 'ingest-1', from: 10_000, to: 20_000, lowMs: HOUR_MS, highMs: HOUR_MS };
  const logs = new ServerLogs(folder, [ahead, { ...ahead, process: 'ingest-2' }]);
  expect(logs.all('ingest-1', { from: 10_000, to: 20_000 }, /msg/)).toEqual([lines[1]]);
  expect(logs.all('ingest-1', { from: 0, to: 30_000 }, /msg/)).toEqual(lines);
  expect(new ServerLogs(folder).all('ingest-1', { from: 10_000, to: 20_000 }, /msg/)).toEqual([]);
});
