import type { Audit } from '../audit.run.ts';
import type { Findings } from '../merge/findings.ts';
import type { AuditedSystem } from './audited.system.ts';

export const NOTHING_FOUND = {
  cut: 0,
  gap: 0,
  overlap: 0,
  foreign: 0,
  altered: 0,
  doubled: 0,
  'out of order': 0,
  hidden: 0,
};

/** What `--json` prints. */
type Report = Omit<Audit, 'findings'> & { records: number; findings: Pick<Findings, 'counts' | 'first'> };

/** For specs: audits a system. @throws Error when the audit prints no report */
export const auditOf = async (audited: AuditedSystem): Promise<{ code: number | null; report: Report }> => {
  const { code, stdout, stderr } = await audited.run('audit', '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
};
