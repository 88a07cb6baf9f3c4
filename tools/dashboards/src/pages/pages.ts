import type { Page } from '../grafana/page.ts';
import { KAFKA } from './kafka.page.ts';
import { LEADERSHIP } from './leadership.page.ts';
import { MESSAGE_PATH } from './message-path.page.ts';
import { MONGODB } from './mongodb.page.ts';
import { OBJECTIVES_PAGE } from './objectives.page.ts';
import { OVERVIEW } from './overview.page.ts';

/** Every dashboard, in the order in which a person needs them. */
export const PAGES: readonly Page[] = [OVERVIEW, MESSAGE_PATH, KAFKA, MONGODB, LEADERSHIP, OBJECTIVES_PAGE];
