import type {
  WindowAbility,
  WindowAddress,
  WindowNotice,
  WindowSession,
  WindowSessionType,
  WindowSystemAction,
  WindowSystemQuestion,
} from '../../host/window-protocol.js';
import type { CodeStanding } from '../code-standing.js';
import type { Phone, Presence } from '../phones.js';
import type { KnownReason } from '../reasons.js';

type PathKind = NonNullable<WindowSession['path']>['kind'];

const phone = (name: string | null): string => name ?? 'A phone';

/** What a phone wanted done, as the end of a sentence. */
const systemDeeds: Readonly<Record<WindowSystemAction, string>> = {
  lock: 'lock this computer',
  sleep: 'put this computer to sleep',
  restart: 'restart this computer',
  shut_down: 'shut this computer down',
};
const systemDone: Readonly<Record<WindowSystemAction, string>> = {
  lock: 'locked this computer',
  sleep: 'put this computer to sleep',
  restart: 'restarted this computer',
  shut_down: 'shut this computer down',
};
const systemNouns: Readonly<Record<WindowSystemAction, string>> = {
  lock: 'a lock',
  sleep: 'sleep',
  restart: 'a restart',
  shut_down: 'a shutdown',
};
const deed = (action: WindowSystemAction | undefined): string => (action ? systemDeeds[action] : 'do something');

const count = (number: number, one: string, several: string): string => (number === 1 ? one : `${number} ${several}`);

/** Everything that the window says, in English. */
export const texts = {
  starting: { title: 'Proxim is starting', lead: 'This takes a second.' },
  ended: {
    title: 'Proxim has ended',
    lead: 'Start it again, and it opens a new window. This one can be closed.',
    command: 'proxim',
    again: 'Try again',
  },
  refused: {
    title: 'This window is of an earlier run',
    lead: 'Close it and use the new one. If there is none, start Proxim again.',
  },

  code: {
    standings: {
      ready: {
        title: (computer) => `${computer} is ready`,
        lead: 'Scan with the phone’s camera, then approve here.',
      },
      no_input: {
        title: (computer) => `${computer} cannot be controlled yet`,
        lead: 'A phone can connect meanwhile.',
      },
      none: { title: () => 'No code at the moment', lead: 'Make one to connect a phone.' },
      over: { title: () => 'This code has expired', lead: 'Make a new one to connect a phone.' },
      no_network: {
        title: (computer) => `${computer} is in no network`,
        lead: 'Connect it to the Wi-Fi that the phone uses.',
      },
      unreachable: {
        title: () => 'Phones cannot connect now',
        lead: 'The signaling server does not answer. Trying again…',
      },
    } satisfies Record<CodeStanding, { title: (computer: string) => string; lead: string }>,
    qr: 'QR code',
    timeUp: 'Its time is up.',
    life: {
      one_time: 'Can be scanned for',
      temporary: 'Code and session end in',
      persistent: 'Works until you make a new one',
    } satisfies Record<WindowSessionType, string>,
    refresh: 'New code',
    copy: 'Copy link',
    copied: 'Copied',
    copyByHand: 'The clipboard cannot be reached: copy this link by hand.',
  },

  kind: {
    legend: 'Session',
    names: {
      one_time: 'One time',
      temporary: 'For a while',
      persistent: 'Until I remove it',
    } satisfies Record<WindowSessionType, string>,
    explained: {
      one_time: 'For one phone, once: it ends as soon as the phone disconnects.',
      temporary: 'The phone may come and go until the time is up.',
      persistent:
        'This computer remembers the phone and lets it in without asking, after a restart too, until you remove it.',
    } satisfies Record<WindowSessionType, string>,
    persistentForThisRun: 'The phone may come back without asking until you remove it or Proxim ends.',
    duration: 'How long',
    custom: 'Other…',
    minutes: 'Minutes',
    set: 'Set',
    minutesHint: 'Whole minutes, from 1 to 33,333.',
  },

  address: {
    label: 'Address in the code',
    kinds: {
      network: 'Network',
      vpn: 'VPN: the phone must be in it too',
      virtual: 'Virtual: phones seldom reach it',
      loopback: 'This computer only',
    } satisfies Record<WindowAddress['kind'], string>,
  },

  request: {
    asks: ' wants to control this computer',
    id: 'Device ID',
    verified: 'It proved that it read this QR code.',
    unverified: 'This device did not prove that it read the QR code. If you scanned it with our page, reject.',
    secondsLeft: (seconds: number) => `${seconds} seconds left to answer`,
    allowed: 'What it may do',
    abilities: {
      view: 'See the screen',
      point: 'Move the pointer and click',
      type: 'Type and press keys',
      clipboard: 'Read and write the clipboard',
      system: 'Lock, sleep, restart and shut down',
    } satisfies Record<WindowAbility, string>,
    stays: {
      one_time: 'Stay until it disconnects, and no longer',
      temporary: 'Come back without asking for',
      persistent: 'Come back at any time without asking',
    } satisfies Record<WindowSessionType, string>,
    fullControl: 'Approving gives full control: it can do whatever you can do at this keyboard.',
    lessControl: 'It may do what is switched on here, and you can change that at any time.',
    approve: 'Approve',
    approveAnyway: 'Approve anyway',
    reject: 'Reject',
    block: 'Reject and do not ask again',
    keys: 'Esc rejects',
  },

  system: {
    asks: {
      restart: ' wants to restart this computer',
      shut_down: ' wants to shut this computer down',
    } satisfies Record<WindowSystemQuestion['action'], string>,
    unsaved: 'What is open here is lost unless it was saved.',
    held: 'Answer with this computer’s own mouse or keyboard: meanwhile no phone can point or type.',
    secondsLeft: (seconds: number) => `${seconds} seconds left to answer`,
    allow: { restart: 'Restart', shut_down: 'Shut down' } satisfies Record<WindowSystemQuestion['action'], string>,
    deny: 'Don’t',
    keys: 'Esc refuses',
  },

  control: {
    pause: 'Pause',
    resume: 'Resume',
    paused: 'is paused',
    pausedLead: 'It stays connected, and does nothing until you resume.',
    states: {
      connecting: 'is connecting',
      connected: 'controls this computer',
      lost: 'lost its connection',
      away: 'is away',
    } satisfies Record<Presence, string>,
    leads: {
      connecting: 'Approved. This takes a few seconds.',
      connected: 'Use the phone as touchpad and keyboard.',
      lost: 'Nothing stays pressed. It comes back by itself.',
      away: 'It may come back without asking.',
    } satisfies Record<Presence, string>,
    since: 'Connected since',
    lost: 'Lost',
    lostAgo: (seconds: number) =>
      seconds < 60
        ? `${count(seconds, '1 second', 'seconds')} ago`
        : `${count(Math.floor(seconds / 60), '1 minute', 'minutes')} ago`,
    path: 'Path',
    paths: {
      local: 'Same network',
      internet: 'Through the internet',
      relay: 'Through a relay',
    } satisfies Record<PathKind, string>,
    unknown: '–',
    roundTrip: 'Round trip',
    milliseconds: (value: number) => `${value} ms`,
    speeds: { quick: 'quick', fair: 'fair', slow: 'slow' },
    session: 'Session',
    verified: 'Verified',
    isVerified: 'Yes, it read the QR code',
    isUnverified: 'No, approved without proof',
    ends: {
      one_time: 'Ends when the phone disconnects',
      temporary: 'Ends in',
      persistent: 'Until you remove it',
    } satisfies Record<WindowSessionType, string>,
    end: {
      one_time: 'End session',
      temporary: 'End session',
      persistent: 'End and remove',
    } satisfies Record<WindowSessionType, string>,
    endRemoves: 'It then has to be approved again.',
    escape: ['Press Esc three times here to end at once.', 'Esc twice more to end.', 'Esc once more to end.'] as const,
    panicKey: (keys: string) => `${keys} ends it from anywhere.`,
    another: 'Connect another phone',
  },

  screen: {
    /** After the phone's name. */
    asks: 'wants to see this screen',
    asksLead: 'You choose next whether it sees everything, one window or one tab.',
    choose: 'Choose what it sees',
    choosing: 'Choose in the browser’s dialog…',
    notNow: 'Not now',
    /** After the phone's name. */
    sees: 'sees this screen',
    stop: 'Stop sharing',
    announced: (name: string) => `${name} sees this screen.`,
  },

  banner: {
    /** After the phone's name. */
    controls: 'controls this computer',
    several: (number: number) => `${number} phones control this computer`,
    show: 'Show',
  },

  phones: {
    title: 'Phones',
    /** Under the list's title, while it is folded. */
    summary: (phones: readonly Phone[]) => {
      const [first] = phones;
      if (first && phones.length === 1) return `${first.name} ${texts.phones.inShort[first.presence]}`;
      const connected = phones.filter(({ presence }) => presence === 'connected').length;
      return connected === 0 ? `${phones.length}, none connected` : `${connected} of ${phones.length} connected`;
    },
    inShort: {
      connecting: 'is connecting',
      connected: 'is connected',
      lost: 'lost its connection',
      away: 'is away',
    } satisfies Record<Presence, string>,
    states: {
      connecting: 'Connecting',
      connected: 'Connected',
      lost: 'Lost its connection',
      away: 'Away',
    } satisfies Record<Presence, string>,
    lastSeen: (time: string) => `Away, last seen ${time}`,
    stays: {
      whileConnected: 'Ends when it disconnects',
      until: (time: string) => `Until ${time}`,
      remembered: 'Remembered until removed',
      thisRun: 'Until removed or Proxim ends',
    },
    rename: (name: string) => `Rename ${name}`,
    nameField: (ownName: string) => `Your name for ${ownName}`,
    nameHint: 'Empty gives it its own name again.',
    save: 'Save',
    cancel: 'Cancel',
    remove: (name: string) => `Remove ${name}`,
    confirm: {
      away: 'Remove? It has to be approved again.',
      present: 'Remove? It ends now, and has to be approved again.',
    },
    confirmed: 'Remove',
    keep: 'Keep',
    renamed: (name: string) => `It is now called ${name}.`,
    removed: (name: string) => `${name} was removed.`,
  },

  notes: {
    lost: 'Proxim does not answer. Trying again…',
    inputUnknown: 'This computer cannot be controlled at the moment.',
    fault: (message: string) => `That did not work: ${message}`,
    dismiss: 'Dismiss',
  },

  log: {
    title: 'What happened',
    empty: 'Nothing yet.',
    notify: 'Notify me when a phone asks',
    lines: {
      session_created: () => 'New code',
      session_closed: (name) => (name === null ? 'Code ended' : `Session of ${name} ended`),
      asked: (name) => `${phone(name)} asked`,
      approved: (name) => `${phone(name)} was approved`,
      rejected: (name) => `${phone(name)} was rejected`,
      blocked: (name) => `${phone(name)} was blocked`,
      panic: () => 'All control was ended by keys',
      prompt_gone: (name) => `${phone(name)} asks no longer`,
      connected: (name) => `${phone(name)} connected`,
      disconnected: (name) => `${phone(name)} disconnected`,
      turned_away: (name) => `${phone(name)} was turned away`,
      paused: (name) => `${phone(name)} was paused`,
      resumed: (name) => `${phone(name)} may go on`,
      rights_changed: (name) => `${phone(name)} may do something else`,
      system_asked: (name, action) => `${phone(name)} asked to ${deed(action)}`,
      system_done: (name, action) => `${phone(name)} ${action ? systemDone[action] : 'did something'}`,
      system_refused: (name, action) => `${phone(name)} was refused ${action ? systemNouns[action] : 'something'}`,
      clipboard_read: (name) => `${phone(name)} read the clipboard`,
      clipboard_written: (name) => `${phone(name)} wrote to the clipboard`,
      screen_asked: (name) => `${phone(name)} asked to see the screen`,
      screen_shared: (name) => `${phone(name)} sees the screen`,
      screen_ended: (name) => `${phone(name)} sees the screen no longer`,
    } satisfies Record<WindowNotice['kind'], (name: string | null, action: WindowSystemAction | undefined) => string>,
    times: (line: string, times: number) => `${line}, ${times} times`,
    /** Why a session for one time ended, when nobody ended it. */
    endedByPhone: 'it disconnected',
    reasons: {
      expired: 'the time was up',
      closed_by_desktop: 'ended here',
      desktop_lost: 'this computer lost its connection to the server',
      desktop_left: 'Proxim had ended',
      too_many_attempts: 'too many attempts',
      server_shutdown: 'the server stopped',
      rejected_by_user: 'by you',
      timeout: 'nobody answered in time',
      mobile_left: 'the phone gave up',
      unverified: 'it did not prove that it read the code',
      blocked: 'it is blocked',
      auth_missing: 'it did not prove that it read the code',
      auth_wrong: 'its proof was wrong',
      bad_description: 'its connection data was malformed',
      session_busy: 'another phone has this session',
      left: 'it left',
      lost: 'it lost its connection',
      not_allowed: 'it may not do that',
      unavailable: 'this computer cannot',
      failed: 'the system did not do it',
      busy: 'something else was under way',
    } satisfies Record<KnownReason, string>,
  },

  announced: {
    code: 'Waiting for a phone.',
    connected: (name: string) => `${name} is connected and controls this computer.`,
    connecting: (name: string) => `${name} is connecting.`,
    lost: (name: string) => `${name} lost its connection. Nothing stays pressed.`,
  },

  windowTitle: {
    plain: 'Proxim',
    asks: (name: string) => `● ${name} asks – Proxim`,
    asksToSee: (name: string) => `● ${name} wants to see the screen – Proxim`,
    connected: (name: string) => `${name} is connected – Proxim`,
    several: (number: number) => `${number} phones are connected – Proxim`,
    ended: 'Proxim has ended',
  },
};
