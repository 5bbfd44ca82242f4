/** Text that comes from elsewhere moves no cursor and sets no title: what could is taken out. */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '').slice(0, 300);
