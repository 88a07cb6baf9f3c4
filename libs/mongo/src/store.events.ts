import type { BreakerState } from '@wiber/resilience';
import type { OnUnreadable } from './messages/unreadable.documents.ts';
import type { MultikeyIndex } from './multikey.indexes.ts';
import type { DeletedRepeats } from './repeated.messages.ts';

/** What the process that uses the store may want to say. */
export interface StoreEvents {
  onBreakerChange?: ((name: string, state: BreakerState) => void) | undefined;
  /** Called once for each stored document that reads leave out. */
  onUnreadable?: OnUnreadable | undefined;
  /** Called once for each document of a lease, or of a term, with values that no lease has. */
  onOddLease?: OnUnreadable | undefined;
  /** Called after the opening for each index of messages that a foreign document made slow and that stays so. */
  onMultikey?: ((index: MultikeyIndex) => void) | undefined;
  /** Called when such an index was built anew, because no document makes it slow any more. */
  onIndexRenewed?: ((index: string) => void) | undefined;
  /** Called when collections were dropped while this process writes. They are made again. */
  onCollectionsLost?: ((names: string[]) => void) | undefined;
  /** Called when messages that were stored twice, while their unique index was missing, were deleted but for the first. */
  onRepeatsDeleted?: ((repeats: DeletedRepeats) => void) | undefined;
  /** Called when indexes were dropped under this process. They are made again. */
  onIndexesLost?: ((names: string[]) => void) | undefined;
  /** Called when lost or slow indexes can't be made again for now. */
  onIndexesFailed?: ((error: unknown) => void) | undefined;
  /** Called when somebody changed a collection so that it can't serve, at most each 10 s. The message says what to do. */
  onOddCollection?: ((error: Error) => void) | undefined;
  /** Called when no member that the read preference names answers, once until one does. */
  onNoReader?: ((error: unknown) => void) | undefined;
  /** Called when a server answers with an error, once a minute for each code. Clients are not told why. */
  onRefused?: ((error: Error) => void) | undefined;
}
