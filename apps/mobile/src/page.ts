import type { MobileState } from '@proxim/peer';
import type { Link, LinkFault, SessionType } from '@proxim/protocol';

import type { OpenChannels } from './control/open-channels.js';

/** Whether the session's computer is kept on this phone. */
export type Keeping =
  /** The session ends by itself, or nobody has said yet that it does not. */
  | 'never'
  /** It lasts, and the user has not said yet. */
  | 'ask'
  /** It lasts, and the user would rather not. */
  | 'not_kept'
  | 'kept';

/** What the page shows. */
export type Page =
  /** No session: there is none yet, or its link could not be read. */
  | { readonly at: 'start'; readonly fault: LinkFault | null; readonly scan: boolean }
  /** A link was read, and nothing is sent before the user asks. A computer that knows this phone asks nobody. */
  | { readonly at: 'ready'; readonly link: Link; readonly isKnown: boolean }
  /** Another tab of this phone holds the session. */
  | { readonly at: 'other_tab'; readonly link: Link }
  | {
      readonly at: 'session';
      readonly link: Link;
      readonly state: MobileState;
      readonly channels: OpenChannels;
      /** Undefined until the computer has said. */
      readonly sessionType: SessionType | undefined;
      readonly keeping: Keeping;
    };
