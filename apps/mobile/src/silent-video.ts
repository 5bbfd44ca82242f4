import NoSleep from 'nosleep.js';

/** A silent video that plays in a loop: the screen stays on meanwhile. */
export const createSilentVideo = () => new NoSleep();
