import { readFileSync } from 'node:fs';

/** Where the apps keep their messages. */
export interface SystemNames {
  topic: string;
  group: string;
  database: string;
  collection: string;
}

/** What `npm start` runs, by its run file. */
export interface Running {
  kafka: string[];
  mongo: string[];
  /** Undefined when it runs no apps, or when an earlier version wrote the file. */
  names: SystemNames | undefined;
  /** The variables with which a program logs in at these servers. */
  login: Readonly<Record<string, string>>;
}

interface RunningProcess {
  pid: number;
}

interface RunningServer extends RunningProcess {
  address: string;
}

interface RunFile {
  apps: RunningProcess[];
  kafka: RunningServer[];
  mongo: RunningServer[];
  names?: SystemNames;
  login?: Readonly<Record<string, string>>;
}

const isAlive = ({ pid }: RunningProcess): boolean => {
  try {
    // 0 and negative numbers would ask for a group of processes.
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
};

const addresses = (servers: RunningServer[]): string[] => servers.filter(isAlive).map(({ address }) => address);

/** Reads the run file; nothing runs when there is none. */
export const readRunning = (file: string): Running => {
  try {
    const { apps, kafka, mongo, names, login = {} } = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
    // An app that is being started again has the pid of its last process.
    const runsApps = apps.length > 0 && [...apps, ...kafka, ...mongo].some(isAlive);
    return { kafka: addresses(kafka), mongo: addresses(mongo), names: runsApps ? names : undefined, login };
  } catch {
    return { kafka: [], mongo: [], names: undefined, login: {} };
  }
};
