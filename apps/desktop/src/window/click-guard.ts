/**
 * For how many milliseconds a question that has just appeared takes no answer: a click or a key that was on its way to
 * something else must not approve a phone.
 */
export const guardMs = 300;

/**
 * Whether an input event may answer.
 *
 * @param shownAt when the question was shown, or when the window came to the front with it, in the clock of `timeStamp`
 * @param timeStamp the event's own time: one that waited in the queue is as old as it is
 */
export const mayAnswer = (shownAt: number, timeStamp: number): boolean => timeStamp - shownAt >= guardMs;
