import type { AskRelay } from './ask-relay.js';

/** Where the phone's page is, when not here. */
export interface PageElsewhere {
  /** As it stands in a link. */
  readonly origin: string;
  /** What the link has to say of the signaling server; left out where the page finds it at its own origin. */
  readonly signaling?: string;
}

interface Options {
  /** The signaling server's `ws:` or `wss:` URL. */
  readonly signaling: string;
  /** Whose page the user wants the code to lead to. */
  readonly wanted: 'desktop' | 'relay';
  readonly ask: AskRelay;
  /** Links lead elsewhere from now on, or it is known what is wrong with them. */
  readonly onChange: () => void;
  readonly onProblem: (problem: { readonly code: string; readonly message: string }) => void;
}

/**
 * Whose page the code leads to, where the signaling server is not our own: this computer's, or that server's if the user
 * wants it and the server has one. Whoever serves the page reads the code's secret with it, so it is never the server
 * that decides. What would keep phones away is found out and told, each thing once.
 */
export class RelayPage {
  readonly #options: Options;
  /** The server over http, its path as the signaling URL has it. */
  readonly #server: URL;
  readonly #page: PageElsewhere;
  readonly #askedOrigins = new Set<string>();
  readonly #refusals = new Map<string, string>();
  #elsewhere: PageElsewhere | null = null;
  #isAnswered: boolean;
  /** One at a time. */
  #question: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#server = new URL(options.signaling.replace(/^ws/, 'http'));
    const { origin, pathname } = this.#server;
    // A page looks for signaling at its own origin's /signal.
    const isUsual = pathname === '/' || pathname === '/signal';
    this.#page = isUsual ? { origin } : { origin, signaling: options.signaling };
    this.#isAnswered = options.wanted === 'desktop';
  }

  /** Null while the page is this computer's. */
  get elsewhere(): PageElsewhere | null {
    return this.#elsewhere;
  }

  /** Why phones that follow a link to this computer's origin are not let in, in one sentence with the cure; else null. */
  problemWith(origin: string): string | null {
    return this.#refusals.get(origin) ?? null;
  }

  /** Asks the server whether it serves the page, unless it has answered before or nobody wants it. */
  find(): Promise<void> {
    if (this.#isAnswered) return Promise.resolve();
    this.#question ??= this.#ask().finally(() => {
      this.#question = undefined;
    });
    return this.#question;
  }

  /** A link was shown, so the server can be reached: finds out what was not known before, and whether it takes phones from there. */
  async linkShown(link: string): Promise<void> {
    await this.find();
    const { origin } = new URL(link);
    if (this.#elsewhere || this.#askedOrigins.has(origin)) return;
    this.#askedOrigins.add(origin);
    const answer = await this.#options.ask(this.#server, origin);
    if (answer === 'unreachable') this.#askedOrigins.delete(origin);
    // A server that refuses everybody refuses for another reason.
    if (answer !== 'refused' || (await this.#options.ask(this.#server)) === 'refused') return;
    const message = `The signaling server lets no phone in that comes from this computer’s page. The operator there can allow it: proxim serve --allow-origin ${origin}`;
    this.#refusals.set(origin, message);
    this.#options.onProblem({ code: 'page_refused', message });
    this.#options.onChange();
  }

  async #ask(): Promise<void> {
    const { origin } = this.#page;
    const answer = await this.#options.ask(new URL('/', this.#server));
    if (answer === 'unreachable') return;
    this.#isAnswered = true;
    if (answer === 'page') this.#elsewhere = this.#page;
    else {
      const message = `--phone-page: ${origin} does not serve the phone’s page, so the code leads to this computer’s own. The operator there can change that: proxim serve --web`;
      this.#options.onProblem({ code: 'no_relay_page', message });
    }
    this.#options.onChange();
  }
}
