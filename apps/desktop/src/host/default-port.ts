/** Where Proxim listens unless it is told otherwise. */
export const defaultPort = 47_800;
/** How many ports, from the default one on, are tried. */
export const portsToTry = 20;
