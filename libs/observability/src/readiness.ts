export type Dependency = 'kafka' | 'mongodb';
export type DependencyCheck = () => Promise<unknown>;

export interface Readiness {
  status: 'ready' | 'not_ready';
  kafka: 'connected' | 'disconnected';
  mongodb: 'connected' | 'disconnected';
}

export const READINESS_DEADLINE_MS = 1000;

/** Asks both dependencies at once, each within a second. Never rejects. */
export const readinessOf = async (checks: Record<Dependency, DependencyCheck>): Promise<Readiness> => {
  const ask = async (check: DependencyCheck) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), READINESS_DEADLINE_MS);
    });
    const answer = check().then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([answer, late]);
    clearTimeout(timer);
    return answered ? 'connected' : 'disconnected';
  };
  const [kafka, mongodb] = await Promise.all([ask(checks.kafka), ask(checks.mongodb)]);
  return { status: kafka === 'connected' && mongodb === 'connected' ? 'ready' : 'not_ready', kafka, mongodb };
};
