/** What one attempt of a hostile page came to. */
export interface Attempt {
  readonly what: string;
  readonly url: string;
  /**
   * `refused`: the browser or the server said no. `opaque`: answered, and the page learns nothing. Everything else is
   * something that the page was able to do: `read …`, `opened`, `loaded`, `registered`.
   */
  readonly outcome: string;
}

/** Where a hostile page aims. */
export interface Target {
  /** `http://127.0.0.1:47800` */
  readonly base: string;
  /** Files that are known to be there. */
  readonly files: readonly string[];
}

/** Runs in the hostile page: tries all that a page can do with a listener, and says what came of it. */
export const attackFromPage = async ({ base, files }: Target): Promise<Attempt[]> => {
  const attempts: Attempt[] = [];
  const note = (what: string, url: string, outcome: string): void => {
    attempts.push({ what, url, outcome });
  };
  const first = (begin: (done: (outcome: string) => void) => void): Promise<string> =>
    new Promise((resolve) => {
      try {
        begin(resolve);
      } catch {
        resolve('refused');
      }
    });
  const paths = ['/', '/signal', '/window', ...files];

  for (const path of paths) {
    const url = base + path;
    const requests: readonly (readonly [string, RequestInit])[] = [
      ['fetch', {}],
      ['fetch with credentials', { credentials: 'include' }],
      ['fetch no-cors', { mode: 'no-cors' }],
      ['fetch no-cors POST', { mode: 'no-cors', method: 'POST', body: '{"command":"create"}' }],
      ['fetch POST', { method: 'POST', body: '{"command":"create"}', referrerPolicy: 'no-referrer' }],
      ['fetch with a preflight', { method: 'PUT', headers: { 'x-proxim': '1' } }],
    ];
    for (const [what, init] of requests) {
      const outcome = await fetch(url, { cache: 'no-store', ...init }).then(
        async (response) =>
          response.type === 'opaque' ? 'opaque' : `read ${String(response.status)} ${(await response.text()).trim()}`,
        () => 'refused',
      );
      note(what, url, outcome);
    }
  }

  const socketBase = base.replace(/^http/, 'ws');
  const socket = (path: string, protocols: string[]): Promise<string> =>
    first((done) => {
      const opened = new WebSocket(socketBase + path, protocols);
      opened.onopen = () => {
        done('opened');
        opened.close();
      };
      opened.onerror = () => {
        done('refused');
      };
    });
  // All at once: a browser holds back further sockets of a page whose earlier ones failed.
  const sockets = ['/', '/signal', '/window'].flatMap((path) => [
    { what: 'WebSocket', path, protocols: [] },
    { what: 'WebSocket with a subprotocol', path, protocols: ['proxim.v1'] },
    ...Array.from({ length: 3 }, () => ({ what: 'one of many WebSockets', path, protocols: [] })),
  ]);
  await Promise.all(
    sockets.map(async ({ what, path, protocols }) => {
      note(what, socketBase + path, await socket(path, protocols));
    }),
  );

  const element = (tag: 'script' | 'img' | 'link' | 'object' | 'video', set: object): Promise<string> =>
    first((done) => {
      const made = Object.assign(document.createElement(tag), set);
      made.onload = () => {
        done('loaded');
      };
      made.onerror = () => {
        done('refused');
      };
      document.body.append(made);
    });
  for (const path of paths) {
    const url = base + path;
    note('script', url, await element('script', { src: url }));
    note('module', url, await element('script', { src: url, type: 'module' }));
    note('img', url, await element('img', { src: url }));
    note('stylesheet', url, await element('link', { rel: 'stylesheet', href: url }));
    note('object', url, await element('object', { data: url }));
    note('video', url, await element('video', { src: url }));
  }

  for (const path of ['/', '/signal', '/window']) {
    const url = base + path;
    const events = first((done) => {
      const source = new EventSource(url);
      source.onopen = () => {
        done('opened');
        source.close();
      };
      source.onerror = () => {
        done('refused');
        source.close();
      };
    });
    note('EventSource', url, await events);
    // The queue takes it; whether it arrives the page is never told.
    note('sendBeacon', url, navigator.sendBeacon(url, '{"command":"create"}') ? 'opaque' : 'refused');
    const worker = first((done) => {
      const started = new Worker(url);
      started.onerror = () => {
        done('refused');
      };
      started.onmessage = () => {
        done('opened');
      };
    });
    note('worker', url, await worker);
  }

  for (const path of files) {
    const outcome = await Promise.resolve()
      .then(() => ('serviceWorker' in navigator ? navigator.serviceWorker.register(base + path) : undefined))
      .then(
        (made) => (made ? 'registered' : 'refused'),
        () => 'refused',
      );
    note('service worker', base + path, outcome);
  }

  const insideOf = (frame: HTMLIFrameElement): string => {
    const text = frame.contentDocument?.body.textContent;
    return text === undefined ? 'refused' : `read ${text.trim()}`;
  };
  const framed = (begin: (frame: HTMLIFrameElement) => void): Promise<string> =>
    first((done) => {
      const frame = document.createElement('iframe');
      frame.name = `frame-${String(frames.length)}`;
      document.body.append(frame);
      frame.onload = () => {
        done(insideOf(frame));
      };
      begin(frame);
    });
  for (const path of ['/', '/signal', '/window']) {
    const url = base + path;
    const shown = await framed((frame) => {
      frame.src = url;
    });
    note('iframe', url, shown);
    const posted = await framed((frame) => {
      const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: frame.name });
      form.append(Object.assign(document.createElement('input'), { name: 'command', value: 'create' }));
      document.body.append(form);
      form.submit();
    });
    note('form POST', url, posted);
  }
  return attempts;
};

/** What a hostile page was able to do; nothing, when all is well. */
export const successes = (attempts: readonly Attempt[], harmless: readonly string[] = []): readonly Attempt[] =>
  attempts.filter(({ outcome }) => !['refused', 'opaque', ...harmless].includes(outcome));
