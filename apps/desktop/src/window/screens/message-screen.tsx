export interface MessageScreenProps {
  readonly title: string;
  readonly lead: string;
  /** What to type in a terminal. */
  readonly command?: string;
  readonly action?: { readonly text: string; readonly run: () => void };
}

/** Nothing but what is, and what to do. */
export const MessageScreen = ({ title, lead, command, action }: MessageScreenProps) => (
  <div class="message">
    <h1 class="title">{title}</h1>
    <p class="lead">{lead}</p>
    {command !== undefined && <code class="command">{command}</code>}
    {action && (
      <button class="button" type="button" onClick={action.run}>
        {action.text}
      </button>
    )}
  </div>
);
