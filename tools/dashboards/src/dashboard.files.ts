import { join } from 'node:path';
import { dashboardOf } from './grafana/dashboard.json.ts';
import { PAGES } from './pages/pages.ts';

/** Where the files go: for containers, and for Kubernetes, whose tools read no file outside of a folder of theirs. */
const FOLDERS = [join('docker', 'grafana', 'dashboards'), join('k8s', 'components', 'dashboards', 'files')] as const;

/** The text of each file, by its path in the repository. */
export const dashboardFiles = (): Map<string, string> =>
  new Map(
    PAGES.flatMap((page) => {
      const text = `${JSON.stringify(dashboardOf(page), undefined, 2)}\n`;
      return FOLDERS.map((folder): [string, string] => [join(folder, `${page.uid}.json`), text]);
    }),
  );
