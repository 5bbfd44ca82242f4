export interface WebSocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  /** `code` as W3C's `CloseEvent` has it: 1006 where there was no close frame. */
  onClose(code: number): void;
}

/** One WebSocket, whichever library it comes from. */
export interface WebSocketHandle {
  readonly isOpen: boolean;
  send(text: string): void;
  /** @param code 1000, or one of our own from 4000 on: a page may send no other */
  close(code: number): void;
}

/** Opens a WebSocket; may throw where the URL or the page's policy forbids it. */
export type OpenWebSocket = (
  url: string,
  subprotocols: readonly string[],
  handlers: WebSocketHandlers,
) => WebSocketHandle;
