/** The reasons of the wire contract that can stand in a notice. */
export type KnownReason =
  | 'expired'
  | 'closed_by_desktop'
  | 'desktop_lost'
  | 'desktop_left'
  | 'too_many_attempts'
  | 'server_shutdown'
  | 'rejected_by_user'
  | 'timeout'
  | 'mobile_left'
  | 'unverified'
  | 'blocked'
  | 'auth_missing'
  | 'auth_wrong'
  | 'bad_description'
  | 'session_busy'
  | 'left'
  | 'lost'
  | 'not_allowed'
  | 'unavailable'
  | 'failed'
  | 'busy';

/** The sentence for a reason, or null for one that this page has never heard of. */
export const lookUpReason = (sentences: Readonly<Record<KnownReason, string>>, reason: string | null): string | null =>
  reason !== null && Object.hasOwn(sentences, reason) ? sentences[reason as KnownReason] : null;
