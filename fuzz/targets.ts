import type { Target } from './target.js';
import { clipboardMessages, clipboardReceivers } from './targets/clipboard.js';
import { motions, phoneMessages, receivers } from './targets/control.js';
import { core } from './targets/core.js';
import { candidates, descriptions } from './targets/descriptions.js';
import { engine } from './targets/engine.js';
import { computers, links, phones, records, sessionMessages } from './targets/kept.js';
import { scan } from './targets/scan.js';
import { screenMessages, screenReceiver } from './targets/screen.js';
import { sockets } from './targets/sockets.js';
import { clientMessages, serverMessages, signalPayloads } from './targets/wire.js';

/** All that reads what others send. */
export const targets: readonly Target[] = [
  clientMessages,
  scan,
  serverMessages,
  signalPayloads,
  phoneMessages,
  motions,
  receivers,
  clipboardMessages,
  clipboardReceivers,
  screenMessages,
  screenReceiver,
  links,
  records,
  computers,
  phones,
  sessionMessages,
  candidates,
  descriptions,
  core,
  sockets,
  engine,
];
