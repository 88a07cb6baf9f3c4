import { parseArgs } from 'node:util';
import { EvidenceError } from '@wiber/evidence';
import { rememberLogin } from '@wiber/harness';
import { AuditError } from './audit.errors.ts';
import { runAudit } from './audit.run.ts';
import { runRebuild } from './rebuild/rebuild.run.ts';
import * as auditReport from './report/audit.report.ts';
import * as rebuildReport from './report/rebuild.report.ts';
import { findSystem, type LiveSystem } from './live.system.ts';

const USAGE = {
  audit: 'npm run audit -- [--json]',
  rebuild: 'npm run rebuild -- --to DB | --to-collection NAME [--replace] [--json]',
};

const [command = '', ...args] = process.argv.slice(2);

/** The largest resident memory of this process so far, in MiB. */
const peakMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

const openSystem = (): LiveSystem => {
  const system = findSystem(process.env);
  if (system.kafkaLogin) rememberLogin(system.brokers, system.kafkaLogin);
  return system;
};

const auditCommand = async (): Promise<number> => {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const audit = await runAudit(openSystem());
  process.stdout.write(
    `${values.json ? auditReport.jsonOf(audit, peakMiB()) : auditReport.textOf(audit, peakMiB())}\n`,
  );
  return audit.findings.total === 0 ? 0 : 1;
};

const rebuildCommand = async (): Promise<number> => {
  const flag = { type: 'boolean', default: false } as const;
  const name = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { to: name, 'to-collection': name, replace: flag, json: flag } });
  const to = { database: values.to, collection: values['to-collection'] };
  if (to.database === undefined && to.collection === undefined)
    throw new AuditError('usage', '--to names the database and --to-collection the collection to rebuild into');
  const target = { type: values.replace ? 'replace' : 'must-be-empty' } as const;
  const rebuild = await runRebuild(openSystem(), { to, target });
  process.stdout.write(`${values.json ? rebuildReport.jsonOf(rebuild) : rebuildReport.textOf(rebuild)}\n`);
  return rebuild.first === undefined ? 0 : 1;
};

const run = (): Promise<number> => {
  if (command === 'audit') return auditCommand();
  if (command === 'rebuild') return rebuildCommand();
  throw new AuditError('usage', `'${command}' is not a command; the commands are audit and rebuild`);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exitCode = await run();
} catch (error) {
  const { code = '', name, message, stack } = error as NodeJS.ErrnoException;
  const usage = String(code).startsWith('ERR_PARSE_ARGS') || code === 'usage';
  // A refusal of this program or of a server: its stack trace helps nobody.
  const isExpected =
    error instanceof AuditError || error instanceof EvidenceError || /^(KafkaJS|Mongo|StoreUnavailable)/.test(name);
  const text = isExpected || usage ? message : (stack ?? message);
  const commands = Object.entries(USAGE).filter(([name]) => name === command || !Object.hasOwn(USAGE, command));
  const help = usage ? commands.map(([, line]) => `\n${line}`).join('') : '';
  process.stderr.write(`${command}: ${text}${help}\n`);
  process.exitCode = 2;
}
